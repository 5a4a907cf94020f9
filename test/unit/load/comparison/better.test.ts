import { othersDoBetter, whereBetter } from '../../../../load/comparison/better';
import type { Outcome } from '../../../../load/comparison/results';
import { outcome, results } from './outcomes';

const better = (...outcomes: Outcome[]) =>
  results(...outcomes).runs.flatMap((run) => whereBetter(run));

test('a peer that needs fewer calls and less memory is named with both figures', () => {
  expect(
    better(
      outcome('nchan', { callsPerJob: 1, bytesPerHeld: 14_336 }),
      outcome('offload', { callsPerJob: 2 }),
    ),
  ).toEqual([
    'app calls a job: the nchan (1.0); nginx-offload 2.0',
    'memory a client: the nchan (14 KB); nginx-offload 50 KB',
  ]);
});

test('of several, the best is named and the others are counted', () => {
  expect(
    better(
      outcome('lua', { callsPerJob: 11 }),
      outcome('nchan', { callsPerJob: 1 }),
      outcome('offload', { callsPerJob: 24 }),
    ),
  ).toEqual(['app calls a job: the nchan (1.0) and 1 more; nginx-offload 24.0']);
});

test('more right answers a second are better, not fewer', () => {
  const peer = (right: number) => better(outcome('lua', { right }), outcome('offload'));
  expect(peer(2100)).toEqual(['right/s: the lua (21.0); nginx-offload 20.0']);
  expect(peer(1900)).toEqual([]);
});

test('what is shown as the same figure is no better', () => {
  expect(better(outcome('lua', { callsPerJob: 10.99 }), outcome('offload'))).toEqual([]);
});

test('a peer with a wrong answer, or one that is missing, is no better at anything', () => {
  const wrong = { status: 1, body: 0, swapped: 0, timeout: 0, connection: 0 };
  expect(
    better(
      outcome('uwsgi-blocking', { callsPerJob: 1, wrong }),
      outcome('gevent-5x10', { callsPerJob: 1, unfinished: 1 }),
      outcome('offload'),
    ),
  ).toEqual([]);
});

test('this project on QuickJS is no peer', () => {
  expect(better(outcome('offload-quickjs', { callsPerJob: 1 }), outcome('offload'))).toEqual([]);
});

test('nothing is said where this project was not measured', () => {
  expect(better(outcome('lua'), outcome('nchan', { callsPerJob: 1 }))).toEqual([]);
});

test('one sentence has the columns of all runs, and the best of each', () => {
  const one = results(outcome('nchan', { callsPerJob: 1, bytesPerHeld: 1024 }), outcome('offload'));
  const other = results(outcome('lua', { callsPerJob: 1 }), outcome('offload'));
  expect(othersDoBetter({ ...one, runs: [...one.runs, ...other.runs] })).toBe(
    'Other systems are better than nginx-offload in these columns (the best of them in brackets): app calls a job (the nchan, the lua) and memory a client (the nchan)',
  );
});

test('where no other does better, that is said', () => {
  expect(othersDoBetter(results(outcome('lua'), outcome('offload')))).toBe(
    'No other that got all answers right does better than nginx-offload',
  );
});
