/**
 * Arrival times and lengths of requests: a Poisson process, as of independent clients, reproducible by
 * its seed.
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
  /** Percentage of slow requests. */
  slowPercent: number;
}

/** Mean work of a request, ms. */
export function meanWork({ fastMs, slowMs, slowPercent }: Mix): number {
  return fastMs + ((slowMs - fastMs) * slowPercent) / 100;
}

/** @param perSecond mean rate of the Poisson process */
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

/** mulberry32, a small pseudorandom number generator. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
