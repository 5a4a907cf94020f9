/**
 * Whether the time of a route has lastingly changed: a two-sided CUSUM on the mean logarithm of the time of
 * a batch of requests at a time, against a baseline that follows slowly (docs/metrics.md has the argument).
 */

import { Batch } from './series';

/** The change that is looked for: 30 % more, or as much less, as a logarithm. */
const SHIFT = Math.log(1.3);
/** Steps before anything is a change. */
const LEARNED = 40;
/** Logarithm of how unlikely the steps have to be without a change. */
const ALARM = 18;
/** One step says no more than this, so that fewer than four never are a change. */
const MOST_A_STEP = ALARM / 4;
/** By so much of a step the baseline follows, and the noise; not while a change is suspected. */
const FOLLOWS = 1 / 20;
const NOISE_FOLLOWS = 1 / 100;
const SUSPECTED = ALARM / 3;
/** A blip moves neither by more than a step of so many standard deviations would. */
const MOST_SIGMA = 3;
/** Variance of a step: 2 %, which is less than nginx's clock of 1 ms tells apart. */
const LEAST_NOISE = 0.02 * 0.02;

/** Requests of a batch that was not read in time. */
const MOST_REQUESTS = 10 * Batch.requests;
/** No sum is larger by so much than one after it, unless src/metrics.ts began again below 0. */
const BEGAN_AGAIN = Batch.most / 2;

export interface Shifts {
  steps: number;
  /** The expected mean of ln(1 + ms) in a step, and its variance. */
  mean: number;
  noise: number;
  /** The sums of both sides, and steps and their excess since each left 0. */
  up: number;
  down: number;
  upSteps: number;
  upExcess: number;
  downSteps: number;
  downExcess: number;
  /** Changes that were found; the time of the last one in s since the epoch, and new to old. */
  ups: number;
  downs: number;
  changed: number;
  ratio: number;
}

export function noShifts(): Shifts {
  return {
    steps: 0,
    mean: 0,
    noise: 0,
    up: 0,
    down: 0,
    upSteps: 0,
    upExcess: 0,
    downSteps: 0,
    downExcess: 0,
    ups: 0,
    downs: 0,
    changed: 0,
    ratio: 1,
  };
}

/**
 * @param text the sum after each batch, in base 36 with a space behind it, as src/metrics.ts has them
 * @returns means of ln(1 + ms) of the batches between them, and the text that the next one begins with
 */
export function readBatches(text: string): { means: number[]; rest: string } {
  const means: number[] = [];
  let last = Number.NaN;
  // the first one of a full text may be cut off
  const sums = text.split(' ').slice(text.length >= Batch.kept ? 1 : 0, -1);
  sums.forEach((each) => {
    const sum = Number.parseInt(each, 36);
    const requests = (sum - last) % Batch.room;
    if (sum > last && requests > 0 && requests <= MOST_REQUESTS) {
      means.push((Math.floor((sum - last) / Batch.room) / requests / Batch.units) * Math.LN2);
    }
    // a lower one was late: its requests are among those of the one before it
    if (!(sum <= last) || last - sum > BEGAN_AGAIN) {
      last = sum;
    }
  });
  return { means, rest: Number.isNaN(last) ? '' : `${last.toString(36)} ` };
}

/**
 * @param mean of ln(1 + ms) of a batch
 * @param now in s since the epoch
 */
export function step(shifts: Shifts, mean: number, now: number): void {
  shifts.steps++;
  const excess = mean - shifts.mean;
  if (shifts.steps <= LEARNED) {
    shifts.mean += excess / shifts.steps;
    shifts.noise += (excess * (mean - shifts.mean) - shifts.noise) / shifts.steps;
    return;
  }
  const noise = Math.max(shifts.noise, LEAST_NOISE);
  shifts.up = Math.max(shifts.up + evidence(excess, noise), 0);
  shifts.down = Math.max(shifts.down + evidence(-excess, noise), 0);
  shifts.upSteps = shifts.up > 0 ? shifts.upSteps + 1 : 0;
  shifts.upExcess = shifts.up > 0 ? shifts.upExcess + excess : 0;
  shifts.downSteps = shifts.down > 0 ? shifts.downSteps + 1 : 0;
  shifts.downExcess = shifts.down > 0 ? shifts.downExcess + excess : 0;
  if (shifts.up >= ALARM) {
    shifts.ups++;
    change(shifts, shifts.upExcess / shifts.upSteps, now);
  } else if (shifts.down >= ALARM) {
    shifts.downs++;
    change(shifts, shifts.downExcess / shifts.downSteps, now);
  } else if (Math.max(shifts.up, shifts.down) < SUSPECTED) {
    const most = MOST_SIGMA * Math.sqrt(noise);
    const usual = Math.max(Math.min(excess, most), -most);
    shifts.mean += usual * FOLLOWS;
    shifts.noise += (usual * usual - shifts.noise) * NOISE_FOLLOWS;
  }
}

/** The logarithm of how much more likely an excess is after a change than before it. */
function evidence(excess: number, noise: number): number {
  const llr = (SHIFT / noise) * (excess - SHIFT / 2);
  return Math.max(Math.min(llr, MOST_A_STEP), -MOST_A_STEP);
}

/** The new time is the baseline from now on. */
function change(shifts: Shifts, excess: number, now: number): void {
  shifts.mean += excess;
  shifts.changed = now;
  shifts.ratio = Math.exp(excess);
  shifts.up = 0;
  shifts.down = 0;
  shifts.upSteps = 0;
  shifts.upExcess = 0;
  shifts.downSteps = 0;
  shifts.downExcess = 0;
}

const VERSION = 'shifts 1';
// biome-ignore format: in the order of the text
const FIELDS: (keyof Shifts)[] = [
  'steps', 'mean', 'noise', 'up', 'down', 'upSteps', 'upExcess', 'downSteps', 'downExcess', 'ups', 'downs', 'changed',
  'ratio',
];

/** One line of text, for a shared dictionary. */
export function writeShifts(shifts: Shifts): string {
  const values: unknown[] = FIELDS.map((field) => shifts[field]);
  return JSON.stringify([VERSION as unknown].concat(values));
}

/** None for text that can't be read, or that is of another version. */
export function readShifts(text: string): Shifts {
  const shifts = noShifts();
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return shifts;
  }
  if (!Array.isArray(list) || list.length !== FIELDS.length + 1 || list[0] !== VERSION) {
    return shifts;
  }
  const values: unknown[] = list.slice(1);
  if (values.every((value) => typeof value === 'number')) {
    FIELDS.forEach((field, i) => {
      shifts[field] = values[i] as number;
    });
  }
  return shifts;
}
