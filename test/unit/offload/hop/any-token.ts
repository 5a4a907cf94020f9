/** Tokens, and keys that sign them as hop.njs.ts does. */

import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { NAMES, readToken, type Token } from '../../../../src/offload/hop/token';
import { hostileText } from '../../shared/hostile';

export type Sign = (text: string) => string;

export const signer =
  (key: string): Sign =>
  (text) =>
    createHmac('sha256', key).update(text).digest('base64url');

/** As service/hop-keys.sh makes them. */
export const NEW = signer('0f'.repeat(32));
export const OLD = signer('1e'.repeat(32));

export const NOW = 1_700_000_000_000;

/** Who a client is, by the key that signs. */
export const identityOf =
  (client: string) =>
  (sign: Sign): string =>
    sign(`identity\n${client}`);

export const CLIENT = 'Bearer a';

/** Of CLIENT, by NEW. */
export const token = (more: Partial<Token> = {}): Token => ({
  values: NAMES.map((name) => `${name} of a`),
  hops: 4,
  mostHops: 5,
  end: 600_000,
  timeout: 600_000,
  hop: '1m 30s',
  continues: true,
  next: 61_000,
  identity: identityOf(CLIENT)(NEW),
  expires: NOW + 3_600_000,
  ...more,
});

export const read = (text: string, client = CLIENT, signers = [NEW, OLD], now = NOW) =>
  readToken(text, now, signers, identityOf(client));

const value = hostileText.map((text) => text.slice(0, 2_048));

export const anyToken = (client: string, sign: Sign): fc.Arbitrary<Token> =>
  fc.record({
    values: fc.array(value, { minLength: NAMES.length, maxLength: NAMES.length }),
    hops: fc.nat({ max: 20 }),
    mostHops: fc.integer({ min: 1, max: 20 }),
    end: fc.nat({ max: 86_400_000 }),
    timeout: fc.nat({ max: 86_400_000 }),
    hop: fc.oneof(fc.constantFrom('', '50s', '1m 30s'), value),
    continues: fc.boolean(),
    next: fc.nat({ max: 86_400_000 }),
    identity: fc.constant(identityOf(client)(sign)),
    expires: fc.integer({ min: NOW, max: 2 * NOW }),
  });
