/**
 * Runs the given jest projects; the last line is `N passed, N failed`.
 *
 *   node build/test.mjs unit integration
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const report = `${root}dist/test/report.json`;
mkdirSync(`${root}dist/test`, { recursive: true });
rmSync(report, { force: true });

const jest = spawnSync(
  process.execPath,
  [
    `${root}node_modules/jest/bin/jest.js`,
    ...['--verbose', '--json', `--outputFile=${report}`],
    ...['--selectProjects', ...process.argv.slice(2)],
  ],
  // --json also prints the report to stdout; the readable output is on stderr
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] },
);

let passed = 0;
let failed = 1;
try {
  const results = JSON.parse(readFileSync(report, 'utf8'));
  passed = results.numPassedTests;
  // a suite that fails to load counts as one failure
  failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
} catch {
  console.error('jest wrote no report: see above');
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(jest.status === 0 && failed === 0 && passed > 0 ? 0 : 1);
