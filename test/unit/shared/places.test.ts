/** Places in a shared dictionary, where another worker process comes in between any two steps, or one is killed there. */

import { hasPlace, type SharedNumbers } from '../../../src/shared/places';

const TAKEN = '(taken)';
const MOST = 3;

/** Memory that processes share; a process may do something before its step so many. */
class Shared {
  readonly numbers = new Map<string, number>();

  process(before: number, doing: () => void): SharedNumbers {
    let steps = 0;
    const step = () => {
      if (steps === before) {
        doing();
      }
      steps++;
    };
    const { numbers } = this;
    return {
      add: (key, value) => {
        step();
        const isNew = !numbers.has(key);
        return isNew && numbers.set(key, value) !== undefined;
      },
      get: (key) => {
        step();
        return numbers.get(key);
      },
      has: (key) => {
        step();
        return numbers.has(key);
      },
      incr: (key, by) => {
        step();
        const sum = (numbers.get(key) ?? 0) + by;
        numbers.set(key, sum);
        return sum;
      },
    };
  }

  /** Names that have a place. */
  get names(): string[] {
    return [...this.numbers.keys()].filter((key) => key !== TAKEN);
  }

  get taken(): number {
    return this.numbers.get(TAKEN) ?? 0;
  }
}

const none = () => undefined;
const never = -1;
const take = (shared: Shared, name: string, before = never, doing = none) =>
  hasPlace(shared.process(before, doing), name, TAKEN, MOST, none);

test('the first names have a place, any other has none, however often it comes', () => {
  const shared = new Shared();
  const names = ['constructor', '__proto__', 'c', 'd', 'e'];
  for (let round = 0; round < 3; round++) {
    expect(names.map((name) => take(shared, name))).toEqual([true, true, true, false, false]);
  }
  expect(shared.names).toEqual(names.slice(0, MOST));
  expect(shared.taken).toBe(MOST);
});

test('what a name needs is made before others see the name', () => {
  const shared = new Shared();
  const made: boolean[] = [];
  const zone = shared.process(never, none);
  const make = () => void made.push(zone.has('a'));
  expect(hasPlace(zone, 'a', TAKEN, MOST, make)).toBe(true);
  expect(hasPlace(zone, 'a', TAKEN, MOST, make)).toBe(true);
  expect(made).toEqual([false]);
});

/** No process takes more steps. */
const steps = [0, 1, 2, 3, 4];

describe.each(['same', 'other'])('another process, with the %s name', (other) => {
  test.each(steps.flatMap((at) => [0, 1, 2].map((before) => [at, before])))(
    'before step %i, where %i have a place',
    (at, before) => {
      const shared = new Shared();
      for (let i = 0; i < before; i++) {
        take(shared, `before${i}`);
      }
      const results: boolean[] = [];
      const mine = take(shared, 'same', at, () => void results.push(take(shared, other)));
      const known = shared.names;
      expect(known.length).toBeLessThanOrEqual(MOST);
      expect(shared.taken).toBe(known.length);
      const all = ['same', ...results.map(() => other)];
      expect(known.length).toBe(Math.min(before + new Set(all).size, MOST));
      // none is told that it has a place and has none; the last place may be refused to one of two, and is there later
      const told = [mine, ...results];
      expect(all.filter((name, i) => told[i] === true && !known.includes(name))).toEqual([]);
      expect(told.filter((isPlace) => isPlace).length).toBeGreaterThanOrEqual(1);
      expect(all.map((name) => take(shared, name))).toEqual(
        all.map((name) => known.includes(name)),
      );
    },
  );
});

test.each(steps)('a process that is killed before step %i costs one place at most', (at) => {
  const shared = new Shared();
  const killed = () => {
    throw new Error('killed');
  };
  try {
    take(shared, 'a', at, killed);
  } catch {
    // as meant
  }
  const names = ['a', 'b', 'c', 'd'].filter((name) => take(shared, name));
  expect(names.length).toBeGreaterThanOrEqual(MOST - 1);
  expect(shared.names.sort()).toEqual(names);
  expect(names.length).toBeLessThanOrEqual(MOST);
});
