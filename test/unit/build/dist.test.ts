/** What build/dist.mjs generates fits the code that counts on it. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GRID_POINTS } from '../../../src/schedule/backoff';
import { pauseMs } from '../../../src/schedule/pause';
import { LONGEST_MS } from '../../../src/schedule/settings';

const folder = mkdtempSync(join(tmpdir(), 'offload-dist-'));
const linesOf = (name: string, directive: string) =>
  readFileSync(join(folder, name), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith(directive));

beforeAll(() => {
  execFileSync(process.execPath, ['build/dist.mjs', '--no-tarball', '--out', folder]);
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('the lines of the waiter are enough for a grid, for Retry-After and for 64 faults', () => {
  const tries = linesOf('waiter-servers.conf', 'server ').length;
  expect(tries).toBeGreaterThanOrEqual(2 * GRID_POINTS + 64);
});

test('each pause that the waiter can name is a location of that length, up to the longest setting', () => {
  const lines = linesOf('waiter-pauses.conf', 'location ');
  expect(lines).toEqual(
    lines.map(
      (_, number) => `location = /.offload/pause/${number} { auth_delay ${pauseMs(number)}ms; }`,
    ),
  );
  expect(pauseMs(lines.length - 1)).toBeGreaterThanOrEqual(LONGEST_MS);
  expect(pauseMs(lines.length - 1)).toBeLessThan(2 ** 31);
});
