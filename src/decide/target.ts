/**
 * Which targets an app may have polled. What an app signals is distrusted: a header that an
 * attacker managed to inject must not reach another location, and no request line may be
 * split by it. nginx itself neither resolves `..` nor decodes `%2e` in the URI of an njs
 * subrequest, but escapes it and sends it on, so the app behind it would.
 */

import { accepted, type Checked, refused } from './verdict';

/** What a poll asks for. */
export interface Target {
  /** Decoded, as a subrequest takes it: nginx encodes it again. */
  path: string;
  /** As it stood behind the `?`, which is no part of it; often empty. */
  query: string;
}

/** Longer ones are refused: no sane job id needs more, and every try carries it. */
export const LONGEST_TARGET = 2048;

/** @param raw a path and perhaps a query, percent-encoded, as they stand in a header */
export function readTarget(raw: string): Checked<Target> {
  if (raw.length > LONGEST_TARGET) {
    return refused(`is longer than ${LONGEST_TARGET} characters`);
  }
  if (raw.charAt(0) !== '/') {
    return refused('is no path: it does not begin with /');
  }
  if (!/^[\x21-\x7e]*$/.test(raw)) {
    return refused('has a character that no URL has');
  }
  if (raw.indexOf('#') >= 0) {
    return refused('has a fragment (#)');
  }

  const mark = raw.indexOf('?');
  const encoded = mark < 0 ? raw : raw.slice(0, mark);
  const query = mark < 0 ? '' : raw.slice(mark + 1);

  if (/%(2f|5c)/i.test(encoded)) {
    return refused('has an encoded slash');
  }
  let path: string;
  try {
    path = decodeURIComponent(encoded);
  } catch {
    return refused('has a % that encodes nothing');
  }

  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  if (/[\x00-\x1f\x7f\\]/.test(path)) {
    return refused('has a control character or a backslash');
  }
  if (/\/\//.test(path)) {
    return refused('has an empty segment (//)');
  }
  if (/\/\.{1,2}(\/|$)/.test(path)) {
    return refused('has a . or .. segment');
  }
  return accepted({ path, query });
}

/** The target as a URI, for what parses one (internalRedirect) and for the log. */
export function targetUri(target: Target): string {
  const path = encodeURI(target.path).replace(/[?#]/g, encodeURIComponent);
  return target.query === '' ? path : `${path}?${target.query}`;
}
