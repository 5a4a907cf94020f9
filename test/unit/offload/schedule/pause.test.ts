import { pauseBefore, pauseMs, pauseNumber, stepsMs } from '../../../../src/offload/schedule/pause';
import { pauseInSteps, readSchedule } from '../../../../src/offload/schedule/schedule';
import { readSettings, SHORTEST_MS } from '../../../../src/offload/schedule/settings';

const settings = (timeout: number) => ({ ...readSettings('', '', '', ''), timeout });
const numbers = [...Array(100).keys()];

test('each pause is a twentieth longer than the one before, from the shortest setting on', () => {
  expect(pauseMs(0)).toBe(SHORTEST_MS);
  expect(numbers.filter((number) => pauseMs(number) > pauseMs(number + 1))).toEqual([]);
  expect(pauseMs(100) / pauseMs(99)).toBeCloseTo(1.05, 2);
});

test('a wait longer than any pause gets the longest pause', () => {
  const numberFor = (ms: number) => pauseNumber(settings(ms), 0, ms);
  expect(numberFor(1e15)).toBe(numberFor(1e12));
});

test('a pause is the shortest one that does not end before the attempt is due', () => {
  for (const number of numbers) {
    const due = 5_000 + SHORTEST_MS * 1.05 ** (number + 0.5);
    expect(pauseNumber(settings(60_000), 5_000, due)).toBe(number + 1);
  }
});

test.each([-1_000, 0, 1, 9.9, 10])(
  'an attempt that is due in %d ms gets the shortest pause',
  (ms) => {
    expect(pauseNumber(settings(60_000), 1_000, 1_000 + ms)).toBe(0);
  },
);

test.each([0, 300])(
  'a pause is a step shorter where it would leave the attempt less than half of the time to the deadline (%d ms waited)',
  (waited) => {
    const ends = waited + pauseMs(100);
    const due = waited + pauseMs(99) + 20;
    const timeout = ends + (ends - due);
    expect(pauseNumber(settings(timeout), waited, due)).toBe(100);
    expect(pauseNumber(settings(timeout + 1), waited, due)).toBe(100);
    expect(pauseNumber(settings(timeout - 1), waited, due)).toBe(99);
  },
);

test.each([1_000, 10_000, 60_000, 60_001])(
  'the pause up to a deadline of %d ms does not end before it',
  (timeout) => {
    expect(pauseMs(pauseNumber(settings(timeout), 0, timeout))).toBeGreaterThanOrEqual(timeout);
  },
);

describe('for a client that is sent on', () => {
  const schedule = readSchedule('10m', '1s', '10%', '1m', 'off', '', 0, 1);
  const pause = (ms: number, later = 0) => pauseInSteps(schedule, 500, 500 + ms, 500 + ms + later);

  test('a short pause has no steps, and nginx knows when the poll is due', () => {
    expect(pause(1_000)).toBe(`${pauseNumber(schedule, 0, 1_000)}?next=1500`);
    expect(pause(2_001)).toMatch(/^\d+\?next=2501$/);
  });

  test('a longer one has as many as leave half a second', () => {
    expect(pause(2_002)).toBe(`steps-1?${pauseNumber(schedule, 0, 500)}?next=2502`);
    const left = 30_000 - stepsMs(19);
    expect(pause(30_000)).toBe(`steps-19?${pauseNumber(schedule, 0, left)}?next=30500`);
  });

  test('one that ends before the poll ends in time, and nginx knows that the client is sent on then', () => {
    expect(pause(1_000, 9_000)).toBe(`${pauseBefore(1_000)}?hop=10500`);
    const left = 30_000 - stepsMs(19);
    expect(pause(30_000, 100.4)).toBe(`steps-19?${pauseBefore(left)}?hop=30600`);
  });
});
