/** What the table tells users of a setting is what the code does. */

import { placeInBackoff } from '../../../../src/offload/schedule/backoff';
import { readSchedule } from '../../../../src/offload/schedule/schedule';
import { DEFAULTS } from '../../../../src/offload/schedule/settings';
import { SETTINGS } from '../../../../src/offload/schedule/settings-table';

/** Settings that are read as a time or a percentage. */
const read = SETTINGS.filter(({ name }) => name in DEFAULTS);

function scheduleWith(name: string, text: string) {
  const its: typeof DEFAULTS = { ...DEFAULTS, [name]: text };
  return readSchedule(
    ...([its.timeout, its.interval, its.backoff, its.max_interval, its.poll_cost] as const),
    ...(['', 0, 1] as const),
  );
}

test('all defaults are in the table', () => {
  expect(read.map(({ name, default: value }) => [name, value]).sort()).toEqual(
    Object.entries(DEFAULTS).sort(),
  );
});

describe.each(read)('$name', ({ name, default: value, range }) => {
  const [, least = '', most = '', other] = /^(\S+) to ([^\s,]+)(?:, or (\w+))?$/.exec(range) ?? [];
  const kind = most.endsWith('%') ? 'percentage' : 'time';
  const complaintOf = (text: string) =>
    `$offload_${name} is "${text}", which is no ${kind} in its range: ${value} is used; `;

  test('the range is taken', () => {
    for (const text of [least, most, ...(other === undefined ? [] : [other])]) {
      expect(scheduleWith(name, text).complaint).toBe('');
    }
  });

  test('what is no value, and what is a little outside of the range, is named with its default', () => {
    const outside =
      kind === 'time' ? [below(least), `${most} 1ms`] : ['-0.1%', `${most}`.replace('%', '.1%')];
    for (const text of ['', 'x', ...outside]) {
      expect(scheduleWith(name, text).complaint).toBe(complaintOf(text));
    }
  });
});

const polls = read.flatMap(({ name, default: value, costs }) => {
  const [, its] = /a job of 10 s has (\d+) polls/.exec(costs) ?? [];
  const rest = [...costs.matchAll(/`(\w+%?)` (\d+)/g)].map(([, text, number]) => [
    name,
    text,
    number,
  ]);
  return its === undefined ? [] : [[name, value, its], ...rest];
}) as [string, string, string][];

test.each(polls)('$offload_%s %s: %s polls of a job of 10 s', (name, text, number) => {
  expect(Math.round(pollsOf(scheduleWith(name, text)))).toBe(Number(number));
});

function below(time: string): string {
  return `${Number(time.replace('ms', '')) - 1}ms`;
}

/** Of a job of 10 s by the backoff, on average of all jitters. */
function pollsOf(schedule: ReturnType<typeof scheduleWith>): number {
  const jitters = Array.from({ length: 21 }, (_, number) => 0.9 + number / 100);
  const counts = jitters.map((jitter) => placeInBackoff(schedule, 10_000, jitter).number + 1);
  return counts.reduce((sum, count) => sum + count) / counts.length;
}
