/**
 * Where a Location leads, as a target on this server. It may be a URL of this host, a path,
 * or a path relative to the poll that it answers.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.location
 */

import { LONGEST_TARGET, readTarget, type Target } from './target';
import type { Checked } from './verdict';

/**
 * @param location the header
 * @param host the header Host of the client
 * @param poll the path of the poll, encoded
 */
export function locationTarget(location: string, host: string, poll: string): Checked<Target> {
  // what is behind a # is the client's business alone
  const mark = location.indexOf('#');
  const found = mark < 0 ? location : location.slice(0, mark);
  const url = /^(https?:)?\/\/([^/?]*)(.*)$/i.exec(found);
  if (url === null) {
    return readTarget(isRelative(found) ? resolve(found, poll) : found);
  }
  const scheme = (url[1] || '').toLowerCase();
  if (authority(url[2] as string, scheme) !== authority(host, scheme)) {
    return 'is on another host';
  }
  return readTarget(url[3] as string);
}

/** Without the port that the scheme has anyway. */
function authority(text: string, scheme: string): string {
  const port = scheme === 'https:' ? /:443$/ : /:80$/;
  return scheme === '' ? text.toLowerCase() : text.toLowerCase().replace(port, '');
}

/** What is endless is not worth resolving; of what has a scheme, URLs are read above. */
function isRelative(location: string): boolean {
  return location.length <= LONGEST_TARGET && !/^$|^\/|^[^/?]*:/.test(location);
}

/** Dots that do not lead the way are left in, and refused as those of any path. */
function resolve(location: string, poll: string): string {
  if (location.charAt(0) === '?') {
    return poll + location;
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
