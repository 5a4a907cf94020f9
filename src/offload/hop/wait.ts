/** How a wait goes on in another request: what its token says next, and what that request has of it. Pure. */

import { LONGEST_TIMEOUT_MS } from '../schedule/settings';
import { beforeHop } from './due';
import type { Token } from './token';

/** What nginx knows of a wait beside its variables. Times in ms, `end` since the signal. */
export type Rest = Pick<Token, 'hops' | 'mostHops' | 'end' | 'timeout' | 'hop'>;

/** A wait that ends where another hop would be ends a little before it. */
const SOONER_MS = 100;

/** How long a token is valid, ms. */
export const VALID_MS = 3_600_000;

const DEFAULT_HOPS = 5;
/** curl follows 50, requests 30, browsers 20, Go and urllib 10. */
const MOST_HOPS = 20;

/**
 * @param kept of keepRest, of the request that has brought a token; empty: this is the first one
 * @param timeout `$offload_timeout`, ms
 * @param mostHops, hop `$offload_most_hops`, `$offload_hop`
 */
export function readRest(kept: string, timeout: number, mostHops: string, hop: string): Rest {
  if (kept !== '') {
    const numbers = kept.split(' ');
    return {
      hops: Number(numbers[0]),
      mostHops: Number(numbers[1]),
      end: Number(numbers[2]),
      timeout: Number(numbers[3]),
      hop: numbers.slice(4).join(' '),
    };
  }
  const most = Number(mostHops);
  const hops = most >= 1 && most <= MOST_HOPS ? Math.floor(most) : DEFAULT_HOPS;
  return { hops, mostHops: hops, end: timeout, timeout, hop };
}

export function keepRest(rest: Rest): string {
  return `${rest.hops} ${rest.mostHops} ${rest.end} ${rest.timeout} ${rest.hop}`;
}

/** For the next request of this client: one hop less. */
export function afterHop(rest: Rest): Rest {
  return {
    hops: Math.max(rest.hops - 1, 0),
    mostHops: rest.mostHops,
    end: rest.end,
    timeout: rest.timeout,
    hop: rest.hop,
  };
}

/** For a client that comes back after the timeout: as much time again. */
export function afterTimeout(rest: Rest, waited: number): Rest {
  return {
    hops: rest.mostHops,
    mostHops: rest.mostHops,
    end: Math.min(waited + rest.timeout, LONGEST_TIMEOUT_MS),
    timeout: rest.timeout,
    hop: rest.hop,
  };
}

/**
 * When the wait of a request that has brought a token ends, ms since the signal: the request after the last hop ends
 * where another hop would be.
 *
 * @param hop ms; 0: off
 */
export function endOf(rest: Rest, waited: number, hop: number): number {
  return rest.hops > 0 || hop === 0
    ? rest.end
    : Math.min(rest.end, Math.round(waited + beforeHop(hop)) - SOONER_MS);
}

/**
 * The path of a request for a Location, as the client sent it. A second slash would be a host's name to the client.
 *
 * @param requestUri `$request_uri`
 */
export function pathOf(requestUri: string): string {
  const path = requestUri.split('?')[0] as string;
  let at = 0;
  while (path.charAt(at) === '/' || path.charAt(at) === '\\') {
    at++;
  }
  return `/${path.slice(at)}`;
}
