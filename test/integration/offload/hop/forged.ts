/** Changes of a token, as one who has no key may make them. */

import fc from 'fast-check';

/** What is no part of an argument's value is encoded: nginx does not decode that. */
export const inUrl = (text: string) =>
  text.replace(/[\0- #&%\x7f]/g, (each) => {
    return `%${each.charCodeAt(0).toString(16).padStart(2, '0')}`;
  });

/** A change of a token, `another` of a second one. */
export const change = fc.oneof(
  fc.tuple(fc.nat(), fc.nat(7)).map(([at, bit]) => ({
    name: `bit ${bit} of character ${at}`,
    of: (token: string) => {
      const place = at % token.length;
      const changed = String.fromCharCode(token.charCodeAt(place) ^ (1 << bit));
      return token.slice(0, place) + changed + token.slice(place + 1);
    },
  })),
  fc.nat().map((at) => ({
    name: `its first ${at} characters`,
    of: (token: string) => token.slice(0, 1 + (at % (token.length - 1))),
  })),
  fc.nat().map((at) => ({
    name: `without its first ${at} characters`,
    of: (token: string) => token.slice(1 + (at % (token.length - 1))),
  })),
  fc.tuple(fc.nat(), fc.stringMatching(/^[\w.=-]{1,9}$/)).map(([at, more]) => ({
    name: `${more} at ${at}`,
    of: (token: string) => {
      const place = at % (token.length + 1);
      return token.slice(0, place) + more + token.slice(place);
    },
  })),
  fc.constantFrom('', '.', ',').map((between) => ({
    name: `twice, with "${between}" between`,
    of: (token: string) => token + between + token,
  })),
  fc.boolean().map((isFirst) => ({
    name: 'body and signature of two tokens',
    of: (token: string, another: string) => {
      const [one, other] = isFirst ? [token, another] : [another, token];
      return `${one.split('.')[0]}.${other.split('.')[1]}`;
    },
  })),
);
