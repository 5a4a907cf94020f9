/**
 * The token of a wait that goes on in another request: all that nginx knows of it, so that any machine with the key goes
 * on with it, and a signature. Pure: hop.njs.ts has nginx's variables and njs's HMAC.
 *
 * `BODY.SIGNATURE`, both in base64url: the body is JSON that its client can read.
 */

/** The variables of a wait, without `$offload_`, in the order of the token: another order is another VERSION. */
export const NAMES = [
  'since',
  'url',
  'args',
  'cancel',
  'celery',
  'stream',
  'rq',
  'timeout',
  'interval',
  'backoff',
  'max_interval',
  'transient',
  'poll_cost',
  'retry_after',
  'route',
  'pending',
  'status',
  'result',
  'public',
  'call_uri',
  'host_of_operation',
];
const VERSION = 1;

export interface Token {
  /** Of NAMES, in their order. */
  values: string[];
  /** Hops that are left, and what they are at first. */
  hops: number;
  mostHops: number;
  /** ms since the signal: when the wait ends; and how much longer it may be at a timeout. */
  end: number;
  timeout: number;
  /** $offload_hop, which is empty in the request behind the last hop. */
  hop: string;
  /** $offload_continue is on. */
  continues: boolean;
  /** No poll is sooner, ms since the signal. */
  next: number;
  /** Of the client, as of `sign`; empty: it has none. */
  identity: string;
  /** ms since the epoch; refused after that. */
  expires: number;
}

/** What is signed begins with its kind: an identity is signed as well. */
const SIGNED = 'token\n';

/** Why a token is refused: nginx did not write it, it is too old, or it is another client's. */
export type Refused = 'forged' | 'expired' | 'foreign';

/** @param text returns its signature in base64url, by the newest key */
export function writeToken(token: Token, sign: (text: string) => string): string {
  const parts = [
    VERSION,
    token.hops,
    token.mostHops,
    token.end,
    token.timeout,
    token.hop,
    token.continues,
    token.next,
    token.identity,
    token.expires,
    token.values,
  ];
  const body = Buffer.from(JSON.stringify(parts)).toString('base64url');
  return `${body}.${sign(SIGNED + body)}`;
}

/**
 * @param text from a client
 * @param now ms since the epoch
 * @param signers a function for each valid key
 * @param identityOf what `identity` must be, by the key that has signed
 */
export function readToken(
  text: string,
  now: number,
  signers: ((text: string) => string)[],
  identityOf: (sign: (text: string) => string) => string,
): Token | Refused {
  const dot = text.indexOf('.');
  const body = text.slice(0, dot);
  const signature = text.slice(dot + 1);
  let signer: ((text: string) => string) | undefined;
  for (let i = 0; i < signers.length; i++) {
    const sign = signers[i] as (text: string) => string;
    if (dot > 0 && isSame(sign(SIGNED + body), signature)) {
      signer = sign;
    }
  }
  if (signer === undefined) {
    return 'forged';
  }
  const read = JSON.parse(Buffer.from(body, 'base64url').toString());
  if (read[0] !== VERSION) {
    // by a release of another machine
    return 'expired';
  }
  const token: Token = {
    hops: read[1],
    mostHops: read[2],
    end: read[3],
    timeout: read[4],
    hop: read[5],
    continues: read[6],
    next: read[7],
    identity: read[8],
    expires: read[9],
    values: read[10],
  };
  if (now > token.expires) {
    return 'expired';
  }
  return isSame(token.identity, identityOf(signer)) ? token : 'foreign';
}

/** In a time that does not depend on where they differ. */
function isSame(one: string, other: string): boolean {
  let difference = one.length ^ other.length;
  for (let i = 0; i < one.length; i++) {
    difference |= one.charCodeAt(i) ^ other.charCodeAt(i);
  }
  return difference === 0;
}
