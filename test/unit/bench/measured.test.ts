/** What the benchmarks but `make bench` configure and compute. */

import { deployed, type Probe } from '../../../bench/deploy/benchmark';
import { configuration, PARTS } from '../../../bench/overhead/benchmark';
import { readSettings } from '../../../bench/runner/settings';
import scale from '../../../bench/scale/benchmark';

describe('bench-deploy', () => {
  const old = (started: number, ms = 10): Probe => ({ started, ms, version: '1' });
  const recent = (started: number, ms = 10): Probe => ({ started, ms, version: '2' });
  const refused = (started: number): Probe => ({ started, ms: 1 });

  test('new code is everywhere when the last answer of old code was given', () => {
    const all = [old(900), old(1000), recent(1100), old(1200, 300), recent(1300)];
    expect(deployed(all, 1000)).toMatchObject({ newCodeSeconds: 0.5, probes: 4, refused: 0 });
    expect(deployed([old(900), refused(1000)], 1000)).toMatchObject({ newCodeSeconds: null });
  });

  test('only calls since the deploy count as refused or delayed by it', () => {
    const all = [refused(800), old(900, 5000), recent(1000), refused(1100), recent(1200, 70)];
    expect(deployed(all, 1000)).toMatchObject({ probes: 3, refused: 1, longestMs: 70 });
  });
});

describe('bench-overhead', () => {
  const conf = (part: number) => configuration(part, 'proxy', 'njs', 1);

  test('the first configuration is without the offload, each next one adds to it', () => {
    expect(conf(0).replace(/#.*/g, '')).not.toMatch(
      /offload\/\w+\.conf|\$offload|js_|limit_conn|418/,
    );
    for (let part = 1; part < PARTS.length; part++) {
      expect(conf(part).length).toBeGreaterThan(conf(part - 1).length);
    }
    for (const name of ['http', 'server', 'waiter', 'poll', 'proxy']) {
      expect(conf(4)).toContain(`include offload/${name}.conf;`);
    }
  });

  test('a location is with an app or without one, and the engine is that of the release', () => {
    expect(configuration(4, 'nothing', 'qjs', 1)).toMatch(/js_engine qjs;[\s\S]*empty_gif;/);
    expect(conf(4)).not.toMatch(/js_engine|empty_gif/);
  });
});

test('bench-scale rejects more clients than open files, and clients that leave before the last ones come', () => {
  const wrong = (env: Record<string, string>) => scale.check?.(readSettings(scale.settings, env));
  expect(wrong({ LEVELS: '1000x30s' })).toBeUndefined();
  expect(wrong({ LEVELS: '1000x30s,999999x9999s' })).toMatch(/^LEVELS=999999x.*open files/);
  expect(wrong({ LEVELS: '1000x3s', RATE: '300' })).toMatch(/^LEVELS=1000x3000ms: at RATE=300 /);
});
