import { hashOf } from '../../../../src/offload/app/hash.njs';
import { placeInBackoff } from '../../../../src/offload/schedule/backoff';
import { backoffJitter } from '../../../../src/offload/schedule/jitter';
import type { Plan } from '../../../../src/offload/schedule/place';
import { placeInSchedule } from '../../../../src/offload/schedule/place';
import { readSettings } from '../../../../src/offload/schedule/settings';

const settings = readSettings('60s', '250ms', '10%', '30s');
const plan: Plan = { floor: 50, times: [8_000, 9_000, 10_000], explores: false };
const hashes = Array.from({ length: 1_000 }, (_, i) => hashOf(`/poll/${i}`));
const hash = hashes[0] as number;

/** As attempts that are always on time. */
function pollsOf(its: Plan, hashOfJob: number, timeout = settings) {
  const polls: { at: number; number: number }[] = [];
  let at = 0;
  for (let attempts = 0; attempts < 500; attempts++) {
    const here = placeInSchedule(its, timeout, at, hashOfJob);
    if (here.state === 'timeout') {
      return polls;
    }
    if (here.state === 'due') {
      polls.push({ at, number: here.number });
    }
    at = here.next;
  }
  throw new Error('the attempts do not end');
}

test('without a plan an attempt has its place in the backoff', () => {
  for (const waited of [0, 249, 1_000, 59_999, 60_000]) {
    expect(placeInSchedule(undefined, settings, waited, hash)).toEqual(
      placeInBackoff(settings, waited, backoffJitter(hash)),
    );
  }
});

test('polls are at the planned times with a jitter of a quarter of a percent, then in growing intervals', () => {
  for (const its of hashes) {
    const polls = pollsOf(plan, its);
    expect(polls.map((poll) => poll.number)).toEqual([...polls.keys()]);
    plan.times.forEach((time, i) => {
      expect(Math.abs((polls[i]?.at as number) / time - 1)).toBeLessThanOrEqual(0.0025);
    });
    const pauses = polls.slice(3).map((poll, i) => poll.at - (polls[i + 2]?.at as number));
    expect(Math.min(...pauses)).toBeGreaterThan(125);
    expect(polls.at(-1)?.at).toBe(59_750);
  }
});

test('jobs differ, and a job is always polled at the same times', () => {
  const firsts = hashes.map((its) => pollsOf(plan, its)[0]?.at);
  expect(new Set(firsts).size).toBeGreaterThan(950);
  expect(pollsOf(plan, hash)).toEqual(pollsOf(plan, hash));
});

test('a tenth of the jobs are polled before the planned time, the others after it', () => {
  const early = hashes.filter((its) => (pollsOf(plan, its)[0]?.at as number) < 8_000);
  expect(early.length / hashes.length).toBeGreaterThan(0.08);
  expect(early.length / hashes.length).toBeLessThan(0.12);
});

test('where it is time to explore, a fifth of the jobs has one earlier poll, from a quarter of the time on', () => {
  const explored = hashes
    .map((its) => pollsOf({ ...plan, explores: true }, its))
    .filter((polls) => (polls[0]?.at as number) < 7_900);
  expect(explored.length / hashes.length).toBeGreaterThan(0.17);
  expect(explored.length / hashes.length).toBeLessThan(0.23);
  for (const polls of explored) {
    expect(polls[0]?.at).toBeGreaterThan(1_990);
    expect(polls[1]?.at).toBeGreaterThan(7_980);
    expect(polls.map((poll) => poll.number)).toEqual([...polls.keys()]);
  }
});

test('nothing explores sooner than the floor', () => {
  const soon = { floor: 50, times: [60], explores: true };
  expect(Math.min(...hashes.map((its) => pollsOf(soon, its)[0]?.at as number))).toBeGreaterThan(59);
});

test('an attempt that comes back shortly before a planned poll pauses again, without a poll', () => {
  const [first, second] = pollsOf(plan, hash).map((poll) => poll.at) as [number, number];
  expect(placeInSchedule(plan, settings, first - 400, hash).state).toBe('early');
  expect(placeInSchedule(plan, settings, second - 50, hash)).toMatchObject({
    state: 'early',
    number: 1,
    next: second,
  });
  expect(placeInSchedule(plan, settings, second - 0.5, hash)).toMatchObject({
    state: 'due',
    number: 1,
  });
});

test('an attempt between two planned polls, as after a Retry-After, polls, and the next poll is the planned one', () => {
  const second = pollsOf(plan, hash)[1]?.at as number;
  expect(placeInSchedule(plan, settings, second - 500, hash)).toMatchObject({
    state: 'due',
    number: 0,
    next: second,
  });
});

test('a job is polled before its timeout, whatever is planned', () => {
  const short = readSettings('5s', '250ms', '10%', '30s');
  expect(pollsOf(plan, hash, short)).toEqual([{ at: 4_750, number: 0 }]);
  const between = readSettings('9500ms', '250ms', '10%', '30s');
  expect(pollsOf(plan, hash, between).at(-1)?.at).toBe(9_250);
});

test('a clock that was set back finds the job before its first poll', () => {
  expect(placeInSchedule(plan, settings, 0, hash).state).toBe('early');
});
