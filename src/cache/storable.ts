/** Whether the answer to an anonymous request may be stored and served to all others. */

import { isDigit } from '../shared/duration';

/** Name and value, as nginx writes them. */
export type HeaderLine = readonly [string, string];

/** Names in Vary of headers that no anonymous request to the app has. */
const NEVER_SENT = ['', 'cookie', 'authorization', 'accept-encoding'];

/**
 * @param headers of the answer, line by line
 * @param hasVariant the cache key includes what answers differ by
 * @returns '' where nothing forbids it
 */
export function whyNotStorable(headers: readonly HeaderLine[], hasVariant: boolean): string {
  for (let i = 0; i < headers.length; i++) {
    const line = headers[i] as HeaderLine;
    const reason = whyForbidden(line[0].toLowerCase(), line[1].toLowerCase().trim(), hasVariant);
    if (reason !== '') {
      return reason;
    }
  }
  return '';
}

function whyForbidden(name: string, value: string, hasVariant: boolean): string {
  switch (name) {
    case 'set-cookie':
    case 'set-cookie2':
      return 'it sets a cookie';
    case 'cache-control':
      return isForbidding(value) ? 'its Cache-Control forbids it' : '';
    case 'content-encoding':
      // the request had no Accept-Encoding
      return value === '' || value === 'identity' ? '' : 'it is encoded, unasked';
    case 'vary':
      return isVarying(value, hasVariant) ? 'its Vary names what is not in the key' : '';
    default:
      return '';
  }
}

/** Finds a directive anywhere in the value, as nginx does, so that no spelling is missed. */
function isForbidding(cacheControl: string): boolean {
  const age = cacheControl.indexOf('max-age=0');
  return (
    cacheControl.indexOf('private') >= 0 ||
    cacheControl.indexOf('no-store') >= 0 ||
    cacheControl.indexOf('no-cache') >= 0 ||
    (age >= 0 && !isDigit(cacheControl.charCodeAt(age + 'max-age=0'.length)))
  );
}

function isVarying(vary: string, hasVariant: boolean): boolean {
  const names = vary.split(',');
  for (let i = 0; i < names.length; i++) {
    const name = (names[i] as string).trim();
    if (name === '*' || (!hasVariant && NEVER_SENT.indexOf(name) < 0)) {
      return true;
    }
  }
  return false;
}
