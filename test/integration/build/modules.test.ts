/** Which node modules the targets of the Makefile install: what the build needs, or all. */

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

/** A clone with what is not committed yet. */
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offload-test-'));
  const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    encoding: 'utf8',
  });
  for (const name of files.trim().split('\n').filter(existsSync)) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    copyFileSync(name, join(folder, name));
  }
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** @param env besides that of the tests, whose make may have passed its flags on */
const make = (target: string, env: NodeJS.ProcessEnv = {}) =>
  execFileSync('make', ['--silent', target], {
    ...{ cwd: folder, encoding: 'utf8' },
    env: { ...process.env, MAKEFLAGS: '', npm_config_prefer_offline: 'true', ...env },
  });

test('make dist installs fewer than 60 packages, which the demo runs with as well', () => {
  make('dist');
  expect(existsSync(join(folder, 'dist/offload/offload.js'))).toBe(true);
  const lock = readFileSync(join(folder, 'node_modules/.package-lock.json'), 'utf8');
  expect(Object.keys(JSON.parse(lock).packages).length).toBeLessThan(60);
  // TMPDIR: not the demo that a user of this machine has started
  expect(make('down', { TMPDIR: folder })).toBe('The demo is not running.\n');
}, 120_000);

test('what a target installs is enough for the next one, and none removes packages again', () => {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'npm'),
    '#!/bin/sh\n[ "$1" != install ] || { mkdir -p node_modules; echo "$*" >>installed; }\n',
  );
  chmodSync(join(bin, 'npm'), 0o755);
  const installed = (target: string) => {
    make(target, { PATH: `${bin}${delimiter}${process.env.PATH}` });
    const all = readFileSync(join(folder, 'installed'), 'utf8').trim().split('\n');
    return all.map((line) => (line.includes('--omit=dev') ? 'build' : 'all'));
  };
  expect(installed('dist')).toEqual(['build']);
  expect(installed('dist')).toEqual(['build']);
  expect(installed('lint')).toEqual(['build', 'all']);
  expect(installed('dist')).toEqual(['build', 'all']);
  utimesSync(join(folder, 'package.json'), new Date(), new Date());
  expect(installed('dist')).toEqual(['build', 'all', 'all']);
  expect(installed('lint')).toEqual(['build', 'all', 'all']);
});
