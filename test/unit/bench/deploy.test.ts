import { deployed, type Probe } from '../../../bench/deploy/clients';
import { ways } from '../../../bench/deploy/ways';

const old = (started: number, ms = 10): Probe => ({ started, ms, version: '1' });
const recent = (started: number, ms = 10): Probe => ({ started, ms, version: '2' });
const refused = (started: number): Probe => ({ started, ms: 1 });

test('new code is everywhere when the last answer of old code was given', () => {
  const all = [old(900), old(1000), recent(1100), old(1200, 300), recent(1300)];
  expect(deployed(all, 1000)).toMatchObject({ newCodeSeconds: 0.5, probes: 4, refused: 0 });
});

test('a deploy without an answer of new code has no time', () => {
  expect(deployed([old(900), refused(1000)], 1000)).toMatchObject({ newCodeSeconds: null });
});

test('only calls since the deploy count as refused or delayed by it', () => {
  const all = [refused(800), old(900, 5000), recent(1000), refused(1100), recent(1200, 70)];
  expect(deployed(all, 1000)).toMatchObject({
    ...{ probes: 3, refused: 1, longestMs: 70, longestBeforeMs: 5000 },
  });
});

test('the app of each way can tell its version, and the processes that a way replaces exist', () => {
  for (const way of Object.values(ways).flat()) {
    const names = [...Object.keys(way.system.processes), 'nginx'];
    expect(names).toEqual(expect.arrayContaining(['app', ...way.replaced]));
  }
});
