/** Which header lines of a result are forwarded, and which of them njs can't write as they are. */

import { isUnreserved } from '../../shared/unreserved';

/** Name and value, as nginx has them. */
export type HeaderLine = [name: string, value: string];

/**
 * The buffer of @offload for a header, bytes (proxy_buffer_size; make dist puts it there). A held
 * client keeps it for as long as it is held, so it is small.
 */
export const HEADER_BUFFER = 2048;

/** What nginx adds to the header of a response by itself takes less. */
const ADDED_BY_NGINX = 512;

/** Bytes of lines that do not fit into it. */
export const LONG_HEADER = HEADER_BUFFER - ADDED_BY_NGINX;

/**
 * Whether a header needs the larger buffers of @offload_again. Where njs counts too few bytes, the
 * attempt fails, and @offload_fault has it repeated.
 */
export function isLongHeader(lines: readonly HeaderLine[]): boolean {
  let length = 0;
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as HeaderLine;
    length += line[0].length + line[1].length + ': \r\n'.length;
  }
  return length > LONG_HEADER;
}

/** What of an answer decides whether njs can write it. */
export interface Result {
  status: number;
  /** All of the header: several lines may have one name. */
  lines: HeaderLine[];
  contentType: string | undefined;
  /** The header Connection, which names headers of one connection. */
  connection: string;
  bodyLength: number;
}

/** @returns the lines to forward, or undefined if njs can't write the result as it is */
export function forwarded(result: Result): HeaderLine[] | undefined {
  const type = result.contentType;
  if (type !== undefined && !isWritable('Content-Type', type)) {
    return undefined;
  }
  // r.return() makes a redirect of such a status, to its body
  if (isRedirect(result.status) && result.bodyLength > 0) {
    return undefined;
  }
  const forward: HeaderLine[] = [];
  let encodings = 0;
  for (let i = 0; i < result.lines.length; i++) {
    const line = result.lines[i] as HeaderLine;
    const name = line[0].toLowerCase();
    if (isForwarded(name, result.connection)) {
      // njs writes one of these
      encodings += name === 'content-encoding' ? 1 : 0;
      if (encodings > 1 || !isWritable(line[0], line[1])) {
        return undefined;
      }
      forward.push(line);
    }
  }
  return forward;
}

/** The lines to forward that njs can write: of an answer that can't be asked for once more. */
export function writable(result: Result): HeaderLine[] {
  const forward: HeaderLine[] = [];
  for (let i = 0; i < result.lines.length; i++) {
    const line = result.lines[i] as HeaderLine;
    if (isForwarded(line[0].toLowerCase(), result.connection) && isWritable(line[0], line[1])) {
      forward.push(line);
    }
  }
  return forward;
}

function isRedirect(status: number): boolean {
  return (status >= 301 && status <= 303) || status === 307 || status === 308;
}

/**
 * @param name in lower case
 * @param connection the result's header Connection, which names others of one connection
 */
export function isForwarded(name: string, connection: string): boolean {
  switch (name) {
    // written by nginx itself
    case 'content-length':
    case 'content-type':
    case 'date':
    case 'server':
    // of one connection
    case 'connection':
    case 'keep-alive':
    case 'proxy-connection':
    case 'te':
    case 'trailer':
    case 'transfer-encoding':
    case 'upgrade':
    // between app and nginx, or between two servers of nginx
    case 'x-offload-cancel':
    case 'x-offload-outcome':
    case 'x-offloadtopoller-args':
    case 'x-offloadtopoller-url':
    case 'x-pad':
      return false;
    default:
      return connection === '' || !isListed(name, connection.toLowerCase());
  }
}

function isListed(name: string, list: string): boolean {
  const names = list.split(',');
  for (let i = 0; i < names.length; i++) {
    if ((names[i] as string).trim() === name) {
      return true;
    }
  }
  return false;
}

/**
 * Whether njs writes a line as it read it. It drops an empty value and reads bytes that are not UTF-8 as
 * U+FFFD; newer versions throw at a control character, or at a name with other characters than these.
 */
export function isWritable(name: string, value: string): boolean {
  return value !== '' && value.indexOf('\ufffd') < 0 && isPlain(value) && isUsualName(name);
}

/** Whether it has no control character but tabs. */
export function isPlain(value: string): boolean {
  return (isJsonAsItIs(value) && value.indexOf('\x7f') < 0) || hasNoControl(value);
}

/** As most values: njs takes as long for four characters of another one. */
function isJsonAsItIs(value: string): boolean {
  try {
    return JSON.stringify(value) === `"${value}"`;
  } catch {
    return false;
  }
}

function hasNoControl(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if ((code < 0x20 && code !== TAB) || code === 0x7f) {
      return false;
    }
  }
  return true;
}

const TAB = 0x09;

/** Letters, digits and hyphens. */
function isUsualName(name: string): boolean {
  return (
    isUnreserved(name) && name.indexOf('_') < 0 && name.indexOf('.') < 0 && name.indexOf('~') < 0
  );
}
