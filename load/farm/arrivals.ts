/**
 * When requests come, and how long each works: at random, as clients that know nothing of each
 * other, and by the same seed the same for every system.
 */

export interface Arrival {
  /** ms from the start. */
  at: number;
  /** ms of work. */
  work: number;
}

export interface Mix {
  fastMs: number;
  slowMs: number;
  /** Of all requests, as percent. */
  slowPercent: number;
}

/** ms of work, on average. */
export function meanWork({ fastMs, slowMs, slowPercent }: Mix): number {
  return fastMs + ((slowMs - fastMs) * slowPercent) / 100;
}

/** @param perSecond on average: the gaps between two of a Poisson process */
export function arrivals(mix: Mix, perSecond: number, seconds: number, seed = 1): Arrival[] {
  const random = randomFrom(seed);
  const all: Arrival[] = [];
  let at = 0;
  for (;;) {
    at += (-Math.log(1 - random()) * 1000) / perSecond;
    if (at >= seconds * 1000) {
      return all;
    }
    all.push({ at, work: random() * 100 < mix.slowPercent ? mix.slowMs : mix.fastMs });
  }
}

/** mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
