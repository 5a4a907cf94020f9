/** The name of a GraphQL operation, from the body of its request. */

/** Characters; a longer body is not read. */
export const LONGEST_BODY = 16_384;
const LONGEST_NAME = 64;

/** No names of operations. */
export const ANONYMOUS = '(anonymous)';
export const MALFORMED = '(malformed)';
export const BATCH = '(batch)';
/** The body is too long, or nginx has not read it into memory. */
export const UNREAD = '(unread)';

/**
 * @param body of a POST; empty if there is none
 * @param named the argument operationName of a GET
 */
export function operationOf(body: string, named: string): string {
  if (body === '') {
    return named === '' ? UNREAD : checked(named);
  }
  if (body.length > LONGEST_BODY) {
    return UNREAD;
  }
  let request: unknown;
  try {
    request = JSON.parse(body);
  } catch {
    return MALFORMED;
  }
  if (Array.isArray(request)) {
    return BATCH;
  }
  if (typeof request !== 'object' || request === null) {
    return MALFORMED;
  }
  const fields = request as { operationName?: unknown; query?: unknown };
  if (typeof fields.operationName === 'string' && fields.operationName !== '') {
    return checked(fields.operationName);
  }
  return typeof fields.query === 'string' ? nameIn(fields.query) : MALFORMED;
}

function checked(name: string): string {
  // not by ^ and $: in njs's own engine, $ is before a newline at the end as well
  return name.length <= LONGEST_NAME && /^[_A-Za-z]/.test(name) && !/\W/.test(name)
    ? name
    : MALFORMED;
}

/** Name of the first operation of a document, behind comments. */
function nameIn(query: string): string {
  const text = query.replace(/#[^\n]*/g, '').trim();
  if (text.charAt(0) === '{') {
    return ANONYMOUS;
  }
  const found = /^(?:query|mutation|subscription)\b\s*([_0-9A-Za-z]*)/.exec(text);
  if (found === null) {
    return text.slice(0, 8) === 'fragment' ? ANONYMOUS : MALFORMED;
  }
  return found[1] === '' ? ANONYMOUS : checked(found[1] as string);
}
