import { addresses, maxHeld, skipReason } from '../../../../load/scale/capacity';

const limits = { openFiles: 20_000, ports: 28_232, workerProcesses: 2, arrivals: 2000 };

test('10,000 clients fit into 20,000 open files of two worker processes, 12,000 do not', () => {
  expect(skipReason({ held: 10_000, seconds: 10 }, limits)).toBeUndefined();
  expect(skipReason({ held: 12_000, seconds: 10 }, limits)).toMatch(/at most 10400 .*WORKERS/);
  const four = { ...limits, workerProcesses: 4 };
  expect(skipReason({ held: 12_000, seconds: 10 }, four)).toBeUndefined();
});

test('the open files of the clients’ process are a limit as well', () => {
  expect(maxHeld({ ...limits, workerProcesses: 64 })).toBe(19_500);
});

test('a level is skipped if clients arrive too slowly or jobs are too long', () => {
  expect(skipReason({ held: 5000, seconds: 3 }, limits)).toMatch(/arrive in 2\.5 s.*RATE/);
  expect(skipReason({ held: 100, seconds: 600 }, limits)).toBe('600 s is longer than 420 s');
});

test('more clients than an address has ports use several addresses', () => {
  expect(addresses(10_000, limits)).toBe(1);
  expect(addresses(30_000, limits)).toBe(2);
});
