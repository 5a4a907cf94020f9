import { othersDoBetter, peersAhead } from '../../../../load/comparison/better';
import type { Outcome } from '../../../../load/comparison/results';
import { outcome, results } from './outcomes';

const better = (...outcomes: Outcome[]) =>
  results(...outcomes).runs.flatMap((run) => peersAhead(run));

test('a peer with fewer calls and less memory has a line for each, with both figures', () => {
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

test('a line names the best of several peers and counts the others', () => {
  expect(
    better(
      outcome('lua', { callsPerJob: 11 }),
      outcome('nchan', { callsPerJob: 1 }),
      outcome('offload', { callsPerJob: 24 }),
    ),
  ).toEqual(['app calls a job: the nchan (1.0) and 1 more; nginx-offload 24.0']);
});

test('more right answers per second are better', () => {
  const peer = (right: number) => better(outcome('lua', { right }), outcome('offload'));
  expect(peer(2100)).toEqual(['right/s: the lua (21.0); nginx-offload 20.0']);
  expect(peer(1900)).toEqual([]);
});

test('equal rounded figures are not better', () => {
  expect(better(outcome('lua', { callsPerJob: 10.99 }), outcome('offload'))).toEqual([]);
});

test('a peer with a wrong or missing answer is left out', () => {
  const wrong = { status: 1, body: 0, swapped: 0, timeout: 0, connection: 0 };
  expect(
    better(
      outcome('uwsgi-blocking', { callsPerJob: 1, wrong }),
      outcome('gevent-5x10', { callsPerJob: 1, unfinished: 1 }),
      outcome('offload'),
    ),
  ).toEqual([]);
});

test('this project on QuickJS is not a peer', () => {
  expect(better(outcome('offload-quickjs', { callsPerJob: 1 }), outcome('offload'))).toEqual([]);
});

test('there are no lines if this project was not measured', () => {
  expect(better(outcome('lua'), outcome('nchan', { callsPerJob: 1 }))).toEqual([]);
});

test('the sentence has the columns of all runs, and the best peers of each', () => {
  const one = results(outcome('nchan', { callsPerJob: 1, bytesPerHeld: 1024 }), outcome('offload'));
  const other = results(outcome('lua', { callsPerJob: 1 }), outcome('offload'));
  expect(othersDoBetter({ ...one, runs: [...one.runs, ...other.runs] })).toBe(
    'Other systems are better than nginx-offload in these columns (the best of them in brackets): app calls a job (the nchan, the lua) and memory a client (the nchan)',
  );
});

test('the sentence says if no peer is better', () => {
  expect(othersDoBetter(results(outcome('lua'), outcome('offload')))).toBe(
    'No other system with only right responses is better than nginx-offload',
  );
});
