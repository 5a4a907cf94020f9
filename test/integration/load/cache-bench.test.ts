/** `make bench-cache` with a small load. */

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Results } from '../../../load/cache/results';

const run = promisify(execFile);
const published = () =>
  ['load/results/cache.json', 'docs/cache.md'].map((name) => readFileSync(name, 'utf8'));

test('make bench-cache gets only right pages, and does not publish a small load', async () => {
  const before = published();
  const out = mkdtempSync(join(tmpdir(), 'offload-test-'));
  try {
    const load = ['RATE=20', 'SECONDS=5', 'PAGES=3', 'LOGGED_IN=20', 'VISITORS=6', 'REPORT=1s'];
    await run('make', ['bench-cache', ...load, `OUT=${out}`]);
    const { outcomes }: Results = JSON.parse(readFileSync(`${out}/cache.json`, 'utf8'));
    const [plain, cached] = outcomes;
    expect(plain).toMatchObject({
      visited: { wrong: 0, fromCache: 0 },
      crowd: { right: 6, jobs: 6 },
    });
    expect(cached).toMatchObject({ visited: { wrong: 0 }, crowd: { right: 6, jobs: 1 } });
    expect(cached?.visited.fromCache).toBeGreaterThan(50);
    expect(cached?.calls).toBeLessThan((plain?.calls ?? 0) / 2);
    expect(published()).toEqual(before);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}, 120_000);
