/** A status document: the JSON by which an asynchronous API says how far an operation is. */

/** What a document says; `none`: it has no such field, so that it is the result itself. */
export type State = 'running' | 'done' | 'failed' | 'none';

/** Words of the APIs in docs/accepted.md and their like, in lower case; any other word means running. */
const DONE =
  ' succeeded success successful completed complete done finished ready available incomplete ended true ';
const FAILED =
  ' failed failure error errored canceled cancelled aborted dismissed terminated expired killed rejected revoked closed timedout timed_out ';

/** Whether a Content-Type is one of JSON: application/json, application/problem+json. */
export function isJson(type: string | undefined): boolean {
  return type !== undefined && type.toLowerCase().indexOf('json') >= 0;
}

/** @returns undefined if the text is no JSON, or no object */
export function readDocument(text: string | undefined): object | undefined {
  try {
    const document: unknown = JSON.parse(text || '');
    return typeof document === 'object' && document !== null ? document : undefined;
  } catch {
    return undefined;
  }
}

/** @param field dotted: `status`, `status.state` */
export function stateOf(document: object, field: string): State {
  const value = valueAt(document, field);
  if (value === undefined) {
    // Google's JSON leaves a flag out that is false
    return field === 'done' || field.endsWith('.done') ? 'running' : 'none';
  }
  if (typeof value === 'object') {
    // no word, and String() of it may throw: {"toString": 1}
    return 'none';
  }
  const text = String(value).toLowerCase();
  const word = ` ${text} `;
  if (text.indexOf(' ') >= 0) {
    // several words, as two of a list are
    return 'running';
  }
  if (FAILED.indexOf(word) >= 0) {
    return 'failed';
  }
  if (DONE.indexOf(word) < 0) {
    return 'running';
  }
  // Google: done, with an error; BigQuery: beside the status
  const dot = field.lastIndexOf('.');
  const parent = dot < 0 ? '' : `${field.slice(0, dot)}.`;
  return isError(valueAt(document, 'error')) ||
    isError(valueAt(document, `${parent}error`)) ||
    isError(valueAt(document, `${parent}errorResult`))
    ? 'failed'
    : 'done';
}

/** PHP writes what is empty as []. */
function isError(value: unknown): boolean {
  return typeof value === 'object' && value !== null
    ? Object.keys(value).length > 0
    : Boolean(value);
}

/**
 * @param field names with a dot between them
 * @returns undefined for null as well, and for what each object has
 */
export function valueAt(document: object, field: string): unknown {
  const names = field.split('.');
  let value: unknown = document;
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    if (typeof value !== 'object' || value === null || !has(value, name)) {
      return undefined;
    }
    value = (value as Record<string, unknown>)[name];
  }
  return value === null ? undefined : value;
}

/** Not by `in`, which finds what each object has. */
function has(value: object, name: string): boolean {
  return Object.keys(value).indexOf(name) >= 0;
}

/**
 * A URL by a template of fields: `/jobs/{id}/results`, `{urls.get}`. What a document says becomes path, and no query
 * unless it is the whole URL.
 *
 * @returns empty if a field is missing or no text, or the template is empty
 */
export function filled(template: string, document: object | undefined): string {
  let url = '';
  let from = 0;
  for (;;) {
    const open = template.indexOf('{', from);
    if (open < 0) {
      return url + template.slice(from);
    }
    const close = template.indexOf('}', open);
    const value =
      close < 0 || document === undefined
        ? undefined
        : valueAt(document, template.slice(open + 1, close));
    const text = textOf(value);
    if (text === '') {
      return '';
    }
    const isWhole = open === 0 && close === template.length - 1;
    url += template.slice(from, open) + (isWhole ? text : encoded(text));
    from = close + 1;
  }
}

/** Empty if it is no text; JSON.parse makes another number of an id that is too large. */
function textOf(value: unknown): string {
  if (typeof value === 'number') {
    return Number.isInteger(value) && Math.abs(value) <= LARGEST_INTEGER ? String(value) : '';
  }
  return typeof value === 'string' ? value : '';
}

const LARGEST_INTEGER = 2 ** 53 - 1;

/** As a part of a path; its slashes stay, as Google's names have them. */
function encoded(text: string): string {
  try {
    return encodeURI(text).split('?').join('%3F').split('#').join('%23');
  } catch {
    // half of a surrogate pair
    return '';
  }
}
