/** The detector of lasting changes on generated series: quiet on noise and waves, quick on a shift. */

import { Batch } from '../../../src/metrics/series';
import {
  noShifts,
  readBatches,
  readShifts,
  type Shifts,
  step,
  writeShifts,
} from '../../../src/metrics/shift';

/** A generator of its own, so that a failure is the same in each run (mulberry32). */
function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** What a request adds to the sum, and a sum as src/metrics.ts writes it. */
const added = (ms: number) => Math.round(Math.log2(1 + Math.round(ms)) * 1000) * 4000 + 1;
const written = (sum: number) => `${sum.toString(36)} `;

/** As the requests of a route come. */
class Route {
  shifts: Shifts = noShifts();
  requests = 0;
  private sum = 0;
  private list = '';

  request(ms: number): void {
    this.requests++;
    this.sum += added(ms);
    if (this.sum % Batch.requests === 0) {
      const { means, rest } = readBatches(this.list + written(this.sum));
      for (const mean of means) {
        step(this.shifts, mean, this.requests);
      }
      this.list = rest;
    }
  }

  get changes(): number {
    return this.shifts.ups + this.shifts.downs;
  }
}

const seeds = [1, 2, 3];
const DAYS = 100;

/** Logarithmic noise of 0.4: one request of six takes 1.5 times the median or more. */
const NOISE = 0.4;

describe.each(seeds)('series %i', (seed) => {
  test('100 days of noise with daily waves of 20 % are no change, at 10,000 requests a day', () => {
    const random = randoms(seed);
    const route = new Route();
    const aDay = 10_000;
    for (let i = 0; i < DAYS * aDay; i++) {
      const wave = 0.2 * Math.sin((2 * Math.PI * i) / aDay);
      route.request(200 * Math.exp(wave + NOISE * normal(random)));
    }
    expect(route.changes).toBe(0);
  });

  test.each([1.3, 1 / 1.3, 3])(
    'a lasting change to %d times the time is found within 200 requests',
    (factor) => {
      const random = randoms(seed);
      const route = new Route();
      for (let i = 0; i < 5000; i++) {
        route.request(200 * Math.exp(NOISE * normal(random)));
      }
      expect(route.changes).toBe(0);
      let requests = 0;
      while (route.changes === 0 && requests < 200) {
        route.request(200 * factor * Math.exp(NOISE * normal(random)));
        requests++;
      }
      expect(factor > 1 ? route.shifts.ups : route.shifts.downs).toBe(1);
      const learned = Math.abs(Math.log(route.shifts.ratio / factor));
      expect(learned).toBeLessThan(0.25);
      // and it is the baseline then
      for (let i = 0; i < 20_000; i++) {
        route.request(200 * factor * Math.exp(NOISE * normal(random)));
      }
      expect(route.changes).toBe(1);
    },
  );

  test('a blip of two batches, however slow, is no change', () => {
    const random = randoms(seed);
    const route = new Route();
    for (let i = 0; i < 50_000; i++) {
      const isBlip = i % 5000 >= 4000 && i % 5000 < 4000 + 2 * Batch.requests;
      route.request((isBlip ? 10_000 : 200) * Math.exp(NOISE * normal(random)));
    }
    expect(route.changes).toBe(0);
  });

  test('heavy tails are no change: one request of a hundred takes 20 times as long', () => {
    const random = randoms(seed);
    const route = new Route();
    for (let i = 0; i < 300_000; i++) {
      const factor = random() < 0.01 ? 20 : 1;
      route.request(200 * factor * Math.exp(NOISE * normal(random)));
    }
    expect(route.changes).toBe(0);
  });
});

test('what is written is read again, and damaged text is none', () => {
  const shifts = { ...noShifts(), steps: 50, mean: 5.3, noise: 0.01, up: 3.2, ups: 2, ratio: 1.4 };
  expect(readShifts(writeShifts(shifts))).toEqual(shifts);
  for (const damaged of ['', '[', '[1]', '["shifts 0",1,2]', writeShifts(shifts).slice(0, -3)]) {
    expect(readShifts(damaged)).toEqual(noShifts());
  }
});

describe('batches', () => {
  const batch = (ms: number) => Batch.requests * added(ms);
  const textOf = (sums: number[]) => sums.map(written).join('');
  /** ms of the batches in a text. */
  const read = (text: string) =>
    readBatches(text).means.map((mean) => Math.round(Math.exp(mean)) - 1);

  test('are read from the sums after them, and the next one begins where the last ended', () => {
    const sums = [1e12, 1e12 + batch(100), 1e12 + batch(100) + batch(200)];
    expect(read(textOf(sums))).toEqual([100, 200]);
    const { rest } = readBatches(textOf(sums));
    expect(read(rest)).toEqual([]);
    expect(read(rest + written((sums[2] as number) + batch(300)))).toEqual([300]);
  });

  test('of another worker process that are late are counted once', () => {
    const [one, two, three] = [batch(100), 2 * batch(100), 3 * batch(100)] as const;
    expect(read(textOf([one, three, two, three + batch(100)]))).toEqual([100, 100]);
    expect(read(textOf([one, two, one, two, three]))).toEqual([100, 100]);
  });

  test('are read on where the sum began again, as it had become too large', () => {
    const large = 4e15 + batch(100);
    const again = large - 4e15;
    expect(read(textOf([large - batch(100), large, again, again + batch(200)]))).toEqual([
      100, 200,
    ]);
    expect(read(textOf([large, again - 4e15, again - 4e15 + batch(200)]))).toEqual([200]);
  });

  test('of a text that is full begin behind its first sum, which is cut off', () => {
    const sums = Array.from({ length: 200 }, (_, i) => 1e12 + i * batch(100));
    const full = textOf(sums).slice(-1000);
    const whole = full.slice(full.indexOf(' ') + 1).split(' ').length - 1;
    expect(whole).toBeGreaterThan(90);
    expect(read(full)).toEqual(Array(whole - 1).fill(100));
  });

  test('are none in text that is damaged', () => {
    for (const text of ['', ' ', '? ! ', written(1e12)]) {
      expect(readBatches(text).means).toEqual([]);
    }
    expect(readBatches('').rest).toBe('');
  });
});
