/** The token of a wait that goes on in another request, and who may come with it. */

import { NAMES, writeToken } from '../../../../src/offload/hop/token';
import { VALID_MS } from '../../../../src/offload/hop/wait';
import { CLIENT, identityOf, NEW, NOW, OLD, read, type Sign, token } from './any-token';

const text = writeToken(token(), NEW);
const [body = '', signature = ''] = text.split('.');

test('what is written is read', () => {
  expect(read(text)).toEqual(token());
});

test('a client can read it: values, in the order of their names', () => {
  const parts = JSON.parse(Buffer.from(body, 'base64url').toString());
  expect(parts.pop()).toEqual(NAMES.map((name) => `${name} of a`));
  expect(new Set(NAMES).size).toBe(NAMES.length);
});

test('a token of the other key is valid: its identity is by that key', () => {
  const old = token({ identity: identityOf(CLIENT)(OLD) });
  for (const signers of [[OLD], [NEW, OLD], [OLD, NEW]]) {
    expect(read(writeToken(old, OLD), CLIENT, signers)).toEqual(old);
  }
  expect(read(writeToken(old, OLD), CLIENT, [NEW])).toBe('forged');
});

test('an identity by another key than that of the token is foreign', () => {
  expect(read(writeToken(token({ identity: identityOf(CLIENT)(OLD) }), NEW))).toBe('foreign');
});

test('a token with any bit changed is forged', () => {
  for (let at = 0; at < text.length; at++) {
    for (let bit = 0; bit < 16; bit++) {
      const changed = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit));
      expect(read(text.slice(0, at) + changed + text.slice(at + 1))).toBe('forged');
    }
  }
});

test('the same bytes in another spelling of base64 are forged', () => {
  // the last character of 32 bytes has two bits that say nothing
  const bytes = Buffer.from(signature, 'base64url');
  const last = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'];
  const same = last
    .map((each) => signature.slice(0, -1) + each)
    .filter((each) => Buffer.from(each, 'base64url').equals(bytes));
  expect(same).toHaveLength(4);
  expect(same.map((each) => typeof read(`${body}.${each}`))).toEqual(
    same.map((each) => (each === signature ? 'object' : 'string')),
  );
  for (const each of [`${text}=`, `${body}=.${signature}`, text.replaceAll('-', '+'), ` ${text}`]) {
    expect(each === text ? 'forged' : read(each)).toBe('forged');
  }
});

test('a token that was cut off or lengthened at either end is forged', () => {
  for (let at = 0; at < text.length; at++) {
    expect(read(text.slice(0, at))).toBe('forged');
    expect(read(text.slice(at + 1))).toBe('forged');
    expect(read(text + text.slice(0, at + 1))).toBe('forged');
    expect(read(text.slice(0, at + 1) + text)).toBe('forged');
  }
});

test('a signature of the body alone, or by another kind, is forged', () => {
  for (const kind of ['', 'identity\n', 'token', 'token\n\n', 'TOKEN\n']) {
    expect(read(`${body}.${NEW(kind + body)}`)).toBe('forged');
  }
  expect(read(`${body}.${NEW(`token\n${body}`)}`)).toEqual(token());
});

test('the identity in a token, which its client can read, signs no token', () => {
  const its = `identity\n${CLIENT}`;
  expect(token().identity).toBe(NEW(its));
  expect(read(`${its}.${token().identity}`)).toBe('forged');
});

test('whether its client may come back, and when its next poll is due, are signed as well', () => {
  for (const more of [{ continues: false }, { continues: true }, { next: 0 }, { next: 61_000 }]) {
    expect(read(writeToken(token(more), NEW))).toEqual(token(more));
  }
});

test('a token has the hop as it was set, though its request is not sent on', () => {
  for (const hop of ['', '50s', '1m 30s']) {
    expect(read(writeToken(token({ hop, hops: 0 }), NEW))).toMatchObject({ hop, hops: 0 });
  }
});

test('body and signature of two tokens are forged', () => {
  const [otherBody, otherSignature] = writeToken(token({ hops: 5 }), NEW).split('.');
  const old = writeToken(token(), OLD).split('.');
  expect(read(`${body}.${otherSignature}`)).toBe('forged');
  expect(read(`${otherBody}.${signature}`)).toBe('forged');
  expect(read(`${body}.${old[1]}`, CLIENT, [NEW])).toBe('forged');
  expect(read(`${signature}.${body}`)).toBe('forged');
});

test.each(['', '.', '..', `.${signature}`, `${body}.`, body, signature, `.${NEW('')}`])(
  '%j is forged',
  (part) => {
    expect(read(part)).toBe('forged');
  },
);

test('a token is valid up to its time, and expired a ms later', () => {
  const its = writeToken(token({ expires: NOW + VALID_MS }), NEW);
  const at = (ms: number) => read(its, CLIENT, [NEW], NOW + ms);
  expect(at(0)).toMatchObject({ hops: 4 });
  expect(at(VALID_MS)).toMatchObject({ hops: 4 });
  expect(at(VALID_MS + 1)).toBe('expired');
});

test('a token that another client has is foreign, and expired for anyone when it is too old', () => {
  expect(read(text, 'Bearer b')).toBe('foreign');
  expect(read(text, '')).toBe('foreign');
  expect(read(text, 'Bearer b', [NEW], NOW + VALID_MS + 1)).toBe('expired');
});

test('a token of another version, signed by the same key, is expired', () => {
  const of = (parts: unknown, sign: Sign = NEW) => {
    const its = Buffer.from(JSON.stringify(parts)).toString('base64url');
    return `${its}.${sign(`token\n${its}`)}`;
  };
  const [version, ...rest] = JSON.parse(Buffer.from(body, 'base64url').toString());
  expect(read(of([version, ...rest]))).toEqual(token());
  for (const other of [version + 1, version - 1, String(version), null]) {
    expect(read(of([other, ...rest]))).toBe('expired');
  }
  expect(read(of([version + 1]))).toBe('expired');
  expect(read(of([version + 1, ...rest], OLD), CLIENT, [NEW])).toBe('forged');
});
