import fc from 'fast-check';
import {
  GRID_POINTS,
  nextAttempt,
  type Place,
  placeInBackoff,
} from '../../../../src/offload/schedule/backoff';
import { readSettings, type Settings } from '../../../../src/offload/schedule/settings';
import { anySettings, anySpread } from './any-settings';

const defaults: Settings = {
  timeout: 60_000,
  interval: 250,
  backoff: 0.1,
  maxInterval: 30_000,
  complaint: '',
};

type Stop = Place & { at: number };

/** As a try that is always on time, up to the one past the deadline. */
function walk(
  settings: Settings,
  jitter: number,
  pause = (here: Stop): number => here.next,
): Stop[] {
  const stops: Stop[] = [];
  let at = 0;
  for (;;) {
    const here = { ...placeInBackoff(settings, at, jitter), at };
    stops.push(here);
    if (here.state === 'timeout' || stops.length > 4 * GRID_POINTS) {
      return stops;
    }
    at = here.state === 'early' ? here.next : pause(here);
  }
}

const pollsIn = (stops: Stop[]) => stops.filter((stop) => stop.state === 'due');

const often = { numRuns: 250 };

test('any wait ends at its deadline, within the tries of the grid, with polls in a row', () => {
  fc.assert(
    fc.property(anySettings, anySpread, (settings, jitter) => {
      const stops = walk(settings, jitter);
      const polls = pollsIn(stops);
      expect(stops.at(-1)).toMatchObject({ state: 'timeout', at: settings.timeout });
      expect(stops.length).toBeLessThanOrEqual(GRID_POINTS);
      expect(polls.length).toBeGreaterThan(0);
      expect(polls.map((poll) => poll.number)).toEqual([...polls.keys()]);
      expect(stops.at(-1)?.number).toBe(polls.length);
      expect(stops.slice(0, -1).filter((stop) => !(stop.next > stop.at))).toEqual([]);
      expect(polls.filter((poll) => poll.at >= settings.timeout)).toEqual([]);
    }),
    often,
  );
});

const anyAnswer = fc.record({
  after: fc.oneof(fc.constant(0), fc.double({ min: 0, max: 1, noNaN: true })),
  retryAfter: fc.oneof(fc.constantFrom(undefined, 0, 1), fc.integer({ min: 0, max: 86_400_000 })),
});

test('an app that answers as it likes, with Retry-After or without, has at most twice the tries', () => {
  const answers = fc.array(anyAnswer, { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(anySettings, anySpread, answers, (settings, jitter, answered) => {
      let polls = 0;
      let areAhead = true;
      const stops = walk(settings, jitter, (here) => {
        const { after, retryAfter } = answered[polls++ % answered.length] ?? { after: 0 };
        const at = here.at + Math.min(after * settings.interval, (settings.timeout - here.at) / 2);
        const next = nextAttempt(settings, here.next, at, at - here.at, retryAfter);
        areAhead &&= next > at && next <= settings.timeout;
        return next;
      });
      expect(areAhead).toBe(true);
      expect(stops.at(-1)?.state).toBe('timeout');
      expect(stops.length).toBeLessThanOrEqual(2 * GRID_POINTS);
    }),
    often,
  );
});

test.each([0.9, 0.95, 1, 1.05, 1.1])('default pauses are a tenth of the wait, x %d', (jitter) => {
  const polls = pollsIn(walk(defaults, jitter));
  const grown = polls.filter(({ at, next }) => at > 2_500 && next < 59_000);
  const shares = grown.map(({ at, next }) => (next - at) / at);
  expect(polls[0]?.at).toBeCloseTo(250 * jitter, 6);
  expect(polls.at(-1)?.at).toBe(59_750);
  expect(polls.length).toBeLessThan(50);
  expect(grown.length).toBeGreaterThan(20);
  expect(Math.min(...shares)).toBeGreaterThanOrEqual(0.07);
  expect(Math.max(...shares)).toBeLessThanOrEqual(0.13);
});

test.each([
  [0, 'early', 0, 250],
  [239, 'early', 0, 250],
  [240, 'due', 0, 500],
  [489, 'due', 0, 500],
  [490, 'due', 1, 750],
  [59_750, 'due', 43, 60_000],
  [60_000, 'timeout', 44, 60_000],
  [1e9, 'timeout', 44, 60_000],
])('by default %d ms after the arrival are %s', (waited, state, number, next) => {
  expect(placeInBackoff(defaults, waited, 1)).toMatchObject({ state, number, next });
});

test.each([
  ['no Retry-After keeps to the grid', 1000, 1010, undefined, 1000 + 250],
  ['a Retry-After of 0 is none', 1000, 1010, 0, 1000 + 250],
  ['an answer behind the next poll gets half an interval', 1000, 1051, undefined, 1250],
  ['a slow answer gets twice its time', 1000, 1600, undefined, 1600 + 1200],
  ['a very slow one gets the longest pause', 1000, 21_000, undefined, 21_000 + 30_000],
  ['Retry-After counts from the answer', 1000, 1010, 5_000, 1010 + 5_000],
  ['a short Retry-After is stretched', 1000, 1010, 1, 1010 + 60_000 / GRID_POINTS],
  ['a long Retry-After ends at the last poll', 1000, 1010, 86_400_000, 59_750],
  ['behind the last poll comes the deadline', 59_750, 59_760, 5_000, 60_000],
])('%s', (_name, polled, answered, retryAfter, expected) => {
  const { next } = placeInBackoff(defaults, polled, 1);
  expect(nextAttempt(defaults, next, answered, answered - polled, retryAfter)).toBe(expected);
});

test('the longest pause is kept, as long as the tries last to the deadline', () => {
  const pausesOf = (timeout: string) =>
    pollsIn(walk(readSettings(timeout, '1s', '10%', '30s'), 1)).map(({ at, next }) => next - at);
  expect(Math.max(...pausesOf('1h'))).toBeLessThanOrEqual(30_000.001);
  expect(Math.max(...pausesOf('1d'))).toBeGreaterThan(30_000);
});

test.each([
  ['an interval beyond the deadline is cut to 3/4 of it', ['10s', '1h', '10%', '1h'], [7_500]],
  ['no pause is below the interval', ['4s', '1s', '0%', '10ms'], [1_000, 2_000, 3_000]],
])('%s', (_name, [timeout = '', interval = '', backoff = '', max = ''], expected) => {
  const stops = walk(readSettings(timeout, interval, backoff, max), 1);
  expect(pollsIn(stops).map(({ at }) => at)).toEqual(expected);
});

test('half an interval before the last poll there is still a poll, and none later', () => {
  const polls = (timeout: string) =>
    pollsIn(walk(readSettings(timeout, '1s', '0%', '1s'), 1)).map(({ at }) => at);
  expect(polls('4500ms')).toEqual([1_000, 2_000, 3_000, 3_500]);
  expect(polls('4499ms')).toEqual([1_000, 2_000, 3_499]);
});

test.each([
  [1.1, 275, 550, 825],
  [0.9, 225, 450, 675],
])('each pause of a job with the jitter %d is longer or shorter by it', (jitter, ...expected) => {
  const times = pollsIn(walk(defaults, jitter)).map(({ at }) => at);
  expect(times.slice(0, 3).map(Math.round)).toEqual(expected);
});
