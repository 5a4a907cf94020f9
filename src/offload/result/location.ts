/**
 * A Location as a target on this server: a URL of this host, a path, or a path relative to the poll.
 *
 * Without regular expressions: njs 0.7.9 throws at one over bytes that are not UTF-8.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.location
 */

import { type Checked, isRefusal, type Refusal } from '../../shared/checked';
import { LONGEST_TARGET, readTarget, type Target } from '../signal/target';

/**
 * @param location the header
 * @param host the header Host of the client
 * @param poll the path of the poll, encoded
 */
export function locationTarget(location: string, host: string, poll: string): Checked<Target> {
  // a fragment is for the client
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
    return OTHER_HOST;
  }
  return readTarget(found.slice(path));
}

/**
 * The same for a URL of one of several hosts, at any port: an app behind a proxy may not know the one of the client.
 *
 * @param hosts that of the client first; empty ones are none
 * @returns the refusal by the first host, if all refuse it
 */
export function targetAt(location: string, hosts: string[], poll: string): Checked<Target> {
  const target = locationTarget(location, hosts[0] as string, poll);
  for (let i = 0; i < hosts.length && isRefusal(target); i++) {
    const found = atAnyPort(location, hosts[i] as string, poll);
    if (!isRefusal(found)) {
      return found;
    }
  }
  return target;
}

function atAnyPort(location: string, host: string, poll: string): Checked<Target> {
  const slashes = location.indexOf('//');
  const start = slashes + 2;
  let end = start;
  while (end < location.length && '/?#'.indexOf(location.charAt(end)) < 0) {
    end++;
  }
  const name = withoutPort(location.slice(start, end));
  return host === '' || slashes < 0 || name !== withoutPort(host)
    ? OTHER_HOST
    : locationTarget(location.slice(0, start) + host + location.slice(end), host, poll);
}

const OTHER_HOST: Refusal = 'is on another host';

/** In lower case; the colons of an IPv6 address stand in brackets. */
function withoutPort(authority: string): string {
  const colon = authority.lastIndexOf(':');
  const isPort = colon > authority.lastIndexOf(']');
  return (isPort ? authority.slice(0, colon) : authority).toLowerCase();
}

/** Host and port, without the scheme's default port. */
function origin(authority: string, scheme: string): string {
  const port = scheme === 'https:' ? ':443' : scheme === 'http:' ? ':80' : '';
  const lower = authority.toLowerCase();
  return lower.endsWith(port) ? lower.slice(0, lower.length - port.length) : lower;
}

/** Only a relative path is changed; readTarget checks it, and dots that do not lead it. */
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
