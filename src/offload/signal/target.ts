/**
 * Which targets are well formed; a location with poll.conf decides which may be polled (waiter.conf.template). The app's
 * signal is not trusted: a header that an attacker injected must not reach another location or split a request line.
 * nginx does not resolve `..` in the URI of an njs subrequest, but the app may. njs 0.7.9 takes that URI as it is and
 * escapes it; later versions decode it and split it at a `?`: a path that has another meaning then is refused.
 */

import type { Checked } from '../../shared/checked';

/** The target of a poll. */
export interface Target {
  /** Decoded, as a subrequest takes it: nginx encodes it again. Without %, ? and #. */
  path: string;
  /** Without the `?`; often empty. */
  query: string;
}

/** Characters; each attempt has it in a header. make dist writes it to server.conf as well. */
export const LONGEST_TARGET = 2048;

const BACKSLASH = 0x5c;

/** @param raw a path and perhaps a query, percent-encoded, from a header */
export function readTarget(raw: string): Checked<Target> {
  if (raw.length > LONGEST_TARGET) {
    return `is longer than ${LONGEST_TARGET} characters`;
  }
  if (raw.charAt(0) !== '/') {
    return 'is no path: it does not begin with /';
  }
  const isPlain = isPlainText(raw);
  if (!isPlain && !isPrintable(raw)) {
    return 'has a character that no URL has';
  }
  if (raw.indexOf('#') >= 0) {
    return 'has a fragment (#)';
  }

  const mark = raw.indexOf('?');
  const encoded = mark < 0 ? raw : raw.slice(0, mark);
  const path = isPlain ? encoded : decode(encoded);
  if (path === undefined) {
    return 'has a % that encodes nothing, or a slash, \\, ?, # or %, or a control character';
  }
  if (path.indexOf('//') >= 0) {
    return 'has an empty segment (//)';
  }
  if (path.indexOf('/.') >= 0) {
    if (hasDotSegment(path)) {
      return 'has a . or .. segment';
    }
    if (path.startsWith('/.offload')) {
      return "is the waiter's own";
    }
  }
  return { path, query: mark < 0 ? '' : raw.slice(mark + 1) };
}

/** Whether no character needs encoding and none is encoded, as in most: by a function of njs, and not one by one. */
function isPlainText(raw: string): boolean {
  try {
    return encodeURI(raw) === raw;
  } catch {
    return false;
  }
}

function isPrintable(raw: string): boolean {
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i);
    if (code <= 0x20 || code >= 0x7f || code === BACKSLASH) {
      return false;
    }
  }
  return true;
}

function hasDotSegment(path: string): boolean {
  // some servers remove what follows a ; in a segment before they resolve it
  const asFolder = `${path}/`.split(';').join('/');
  return asFolder.indexOf('/./') >= 0 || asFolder.indexOf('/../') >= 0;
}

/** @returns undefined if nginx and an app may decode it differently */
function decode(encoded: string): string | undefined {
  if (encoded.toLowerCase().indexOf('%2f') >= 0) {
    return undefined;
  }
  let path: string;
  try {
    path = decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i);
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || '%?#\\'.indexOf(path.charAt(i)) >= 0) {
      return undefined;
    }
  }
  return path;
}

/** The target as a URI, for internalRedirect and for the log. */
export function targetUri(target: Target): string {
  const path = encodeURI(target.path);
  return target.query === '' ? path : `${path}?${target.query}`;
}
