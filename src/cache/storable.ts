/** Whether an answer that the app gave to nobody in particular may be given to everybody. */

import { isDigit } from '../shared/duration';

/** Its name and its value, as nginx writes them. */
export interface HeaderLine {
  readonly 0: string;
  readonly 1: string;
}

export const STORABLE = 'storable';

/** Of Vary: what no anonymous visitor's request to the app has, so that no answer differs by it. */
const NOBODYS = ['', 'cookie', 'authorization', 'accept-encoding'];

/**
 * @param headers of the answer, line by line
 * @param hasVariant the cache's key has in it what answers differ by
 * @returns STORABLE, or what forbids it
 */
export function storable(headers: readonly HeaderLine[], hasVariant: boolean): string {
  for (let i = 0; i < headers.length; i++) {
    const line = headers[i] as HeaderLine;
    const reason = forbids(line[0].toLowerCase(), line[1].toLowerCase().trim(), hasVariant);
    if (reason !== '') {
      return reason;
    }
  }
  return STORABLE;
}

function forbids(name: string, value: string, hasVariant: boolean): string {
  switch (name) {
    case 'set-cookie':
    case 'set-cookie2':
      return 'it sets a cookie';
    case 'cache-control':
      return isForbidding(value) ? 'its Cache-Control forbids it' : '';
    case 'content-encoding':
      // it was asked for without Accept-Encoding
      return value === '' || value === 'identity' ? '' : 'it is encoded, unasked';
    case 'vary':
      return differs(value, hasVariant) ? 'its Vary names what is not in the key' : '';
    default:
      return '';
  }
}

/** As nginx looks for them: anywhere, so that no spelling is missed. */
function isForbidding(cacheControl: string): boolean {
  const age = cacheControl.indexOf('max-age=0');
  return (
    cacheControl.indexOf('private') >= 0 ||
    cacheControl.indexOf('no-store') >= 0 ||
    cacheControl.indexOf('no-cache') >= 0 ||
    (age >= 0 && !isDigit(cacheControl.charCodeAt(age + 'max-age=0'.length)))
  );
}

function differs(vary: string, hasVariant: boolean): boolean {
  const names = vary.split(',');
  for (let i = 0; i < names.length; i++) {
    const name = (names[i] as string).trim();
    if (name === '*' || (!hasVariant && NOBODYS.indexOf(name) < 0)) {
      return true;
    }
  }
  return false;
}
