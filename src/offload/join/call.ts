/** What makes two calls the same, and what of the answer to the first is kept for the second. Pure. */

export interface Call {
  /** Hash of $offload_idempotency_key. */
  key: string;
  method: string;
  host: string;
  /** As the client sent it, with the query. */
  uri: string;
  authorization: string;
  cookie: string;
  /** $offload_identity. */
  identity: string;
  contentType: string;
  contentEncoding: string;
  prefer: string;
}

/** @returns a text of one line for each value, of which none has a line feed: what the body follows */
export function textOf(call: Call): string {
  return `${[
    call.key,
    call.method,
    call.host,
    call.uri,
    call.authorization,
    call.cookie,
    call.identity,
    call.contentType,
    call.contentEncoding,
    call.prefer,
  ].join('\n')}\n`;
}

/** Of an answer that is held, in lower case: what @offload and its like read. */
const KEPT = [
  'x-offloadtopoller-url',
  'x-offloadtopoller-args',
  'x-offload-celery',
  'x-offload-stream',
  'x-offload-rq',
  'operation-location',
  'azure-asyncoperation',
  'location',
  'content-location',
  'retry-after',
  'x-accel-redirect',
  'x-pad',
];

/**
 * @param names of the header lines of an answer that is held
 * @returns those that no other call may see, nor a disk
 */
export function leftOut(names: string[]): string[] {
  return names.filter((name) => KEPT.indexOf(name.toLowerCase()) < 0);
}

/** @param redirect X-Accel-Redirect of the private location: operation.conf names a location of nginx's own */
export function isHeld(redirect: string | string[] | undefined): boolean {
  // njs joins the lines of a name
  const values = redirect === undefined ? [] : String(redirect).split(',');
  return values.some((value) => value.trim().startsWith('@offload'));
}
