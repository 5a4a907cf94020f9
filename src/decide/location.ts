/**
 * Where a Location leads, as a target on this server. It may be a URL of this host, a path,
 * or a path relative to the poll that it answers.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.location
 */

import { isUrlText, LONGEST_TARGET, NO_URL_TEXT, readTarget, type Target } from './target';
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
  if (!isUrlText(found)) {
    return NO_URL_TEXT;
  }
  const url = /^(https?:)?\/\/([^/?]*)(.*)$/i.exec(found);
  if (url === null) {
    return readTarget(isRelative(found) ? resolve(found, poll) : found);
  }
  const scheme = (url[1] || '').toLowerCase();
  const port = scheme === 'https:' ? ':443' : scheme === 'http:' ? ':80' : '';
  if (withoutEnd(url[2] as string, port) !== withoutEnd(host, port)) {
    return 'is on another host';
  }
  return readTarget(url[3] as string);
}

/** In lower case; a URL without the port that its scheme has anyway is the same one. */
function withoutEnd(text: string, end: string): string {
  const lower = text.toLowerCase();
  return lower.endsWith(end) ? lower.slice(0, lower.length - end.length) : lower;
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
