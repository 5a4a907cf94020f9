import { addresses, mostHeld, whyNot } from '../../../../load/scale/fits';

const limits = { openFiles: 20_000, ports: 28_232, workerProcesses: 2, arrivals: 2000 };

test('10,000 clients fit into 20,000 open files of two worker processes, 12,000 do not', () => {
  expect(whyNot({ held: 10_000, seconds: 10 }, limits)).toBeUndefined();
  expect(whyNot({ held: 12_000, seconds: 10 }, limits)).toMatch(/at most 10400 .*WORKERS=/);
  const four = { ...limits, workerProcesses: 4 };
  expect(whyNot({ held: 12_000, seconds: 10 }, four)).toBeUndefined();
});

test('the clients are one process, whatever nginx has', () => {
  expect(mostHeld({ ...limits, workerProcesses: 64 })).toBe(19_500);
});

test('a crowd that is never all there, or waits too long, is left out', () => {
  expect(whyNot({ held: 5000, seconds: 3 }, limits)).toMatch(/come in 2\.5 s.*RATE=/);
  expect(whyNot({ held: 100, seconds: 600 }, limits)).toBe('600 s is longer than 420 s');
});

test('more clients than an address has ports come from several', () => {
  expect(addresses(10_000, limits)).toBe(1);
  expect(addresses(30_000, limits)).toBe(2);
});
