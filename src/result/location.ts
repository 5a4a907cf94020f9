/**
 * Where a Location leads, as a target on this server. It may be a URL of this host, a path,
 * or a path relative to the poll that it answers.
 *
 * By hand: njs 0.7.9 throws at a regular expression over bytes that are no UTF-8.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.location
 */

import type { Checked } from '../shared/checked';
import { LONGEST_TARGET, readTarget, type Target } from '../signal/target';

/**
 * @param location the header
 * @param host the header Host of the client
 * @param poll the path of the poll, encoded
 */
export function locationTarget(location: string, host: string, poll: string): Checked<Target> {
  // what is behind a # is the client's business alone
  const mark = location.indexOf('#');
  const found = mark < 0 ? location : location.slice(0, mark);
  const slashes = found.indexOf('//');
  const scheme = slashes < 0 ? 'none' : found.slice(0, slashes).toLowerCase();
  if (scheme !== '' && scheme !== 'http:' && scheme !== 'https:') {
    return readTarget(resolve(found, poll));
  }
  let path = slashes + 2;
  while (path < found.length && found.charAt(path) !== '/' && found.charAt(path) !== '?') {
    path++;
  }
  if (origin(found.slice(slashes + 2, path), scheme) !== origin(host, scheme)) {
    return 'is on another host';
  }
  return readTarget(found.slice(path));
}

/** Host and port; the port that the scheme has anyway is left out. */
function origin(authority: string, scheme: string): string {
  const port = scheme === 'https:' ? ':443' : scheme === 'http:' ? ':80' : '';
  const lower = authority.toLowerCase();
  return lower.endsWith(port) ? lower.slice(0, lower.length - port.length) : lower;
}

/**
 * What is no relative path is left as it is, for readTarget to judge. So are dots that do not
 * lead the way, and what is endless.
 */
function resolve(location: string, poll: string): string {
  const first = location.charAt(0);
  if (first === '?') {
    return poll + location;
  }
  const colon = location.indexOf(':');
  const slash = location.indexOf('/');
  const hasScheme = colon >= 0 && (slash < 0 || colon < slash);
  if (first === '' || first === '/' || hasScheme || location.length > LONGEST_TARGET) {
    return location;
  }
  let folder = poll.lastIndexOf('/');
  let at = 0;
  for (;;) {
    if (location.startsWith('../', at)) {
      folder = folder > 0 ? poll.lastIndexOf('/', folder - 1) : 0;
      at += 3;
    } else if (location.startsWith('./', at)) {
      at += 2;
    } else {
      return `${poll.slice(0, folder)}/${location.slice(at)}`;
    }
  }
}
