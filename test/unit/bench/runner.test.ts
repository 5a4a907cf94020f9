import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { placesIn } from '../../../bench/runner/fill';
import * as settings from '../../../bench/runner/settings';
import { appImage, compared, imagesOf, readDeclaration } from '../../../bench/runner/system';

const fields = {
  RATE: settings.count('7', 'per second'),
  SPREAD: settings.durations('0s,2s', 'a list'),
  KINDS: settings.choices(['njs', 'qjs'], 'njs,qjs', 'a list'),
  LEVELS: settings.levels('10x2s', 'a list'),
};

describe('settings', () => {
  test('one that is not given, or empty, has its default; lists have commas or spaces', () => {
    const given = { RATE: '', SPREAD: '250ms, 2m', KINDS: ' qjs njs ' };
    const values = { RATE: 7, SPREAD: [250, 120_000], KINDS: ['qjs', 'njs'], LEVELS: [[10, 2000]] };
    expect(settings.readSettings(fields, given)).toEqual(values);
  });

  test.each([
    [{ RATE: '0' }, 'RATE=0: not a whole number of 1 or more'],
    [{ LEVELS: '1x1s,,2x1s' }, 'LEVELS=1x1s,,2x1s: not a whole number'],
    [{ LEVELS: '30s' }, 'LEVELS=30s: not a whole number'],
    [{ SPREAD: '0s,soon' }, 'SPREAD=0s,soon: not a duration, such as 250ms, 10s or 2m'],
    [{ KINDS: 'njs,v8' }, 'KINDS=njs,v8: unknown; possible values: njs qjs'],
  ])('%j is rejected: %s', (env, message) => {
    expect(() => settings.readSettings(fields, env)).toThrow(message);
  });

  test.each([
    ['', []],
    ['s -- RATE=2 SPREAD=1s\\ 2s', []],
    ['s -j2 --jobserver-auth=fifo:/tmp/x -- SECONDS=5', ['SECONDS']],
  ])('with MAKEFLAGS="%s", the unknown ones are %j', (makeFlags, unknown) => {
    expect(settings.unknownSettings(Object.keys(fields), makeFlags)).toEqual(unknown);
  });
});

test.each(compared)('$name has an nginx.conf with the common files, and images', (system) => {
  expect(system.files['nginx.conf']).toContain('include system/main.conf;');
  expect(system.files['nginx.conf']).toContain('listen 127.0.0.1:@NGINX@ backlog=4096;');
  for (const image of imagesOf([system])) {
    expect(existsSync(`build/images/${image.split(':')[0]}.Dockerfile`)).toBe(true);
  }
});

test('the system.yaml of bench/README.md is valid, and another key is an error', () => {
  const [, text = ''] =
    /```yaml\n(title.*?)```/s.exec(readFileSync('bench/README.md', 'utf8')) ?? [];
  const its = readDeclaration(parse(text), '');
  const ports = placesIn([...Object.values(its.processes), its.counts]);
  expect(ports.sort()).toEqual(['APP', 'REDIS']);
  const system = { ...its, name: 'queue', title: '', files: {} };
  expect(appImage(system)).toBe('peers:trixie+redis-server+python3-redis');
  expect(() => readDeclaration({ titel: 'x' }, 'a peer')).toThrow('a peer');
});
