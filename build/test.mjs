/**
 * Runs the given jest projects; the last line is `N passed, N failed`.
 *
 *   node build/test.mjs unit integration
 *
 * Ctrl-C and SIGTERM end jest and all that its tests started, and remove the containers of this run. Those of runs that were
 * killed are removed at the start (testkit/set-up.mjs).
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { removeOwn } from '../testkit/labels.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const report = `${root}dist/test/report.json`;
const projects = process.argv.slice(2);
mkdirSync(`${root}dist/test`, { recursive: true });
rmSync(report, { force: true });
process.env.OFFLOAD_RUN = String(process.pid);

const jest = spawn(
  process.execPath,
  [
    `${root}node_modules/jest/bin/jest.js`,
    ...['--verbose', '--json', `--outputFile=${report}`, '--selectProjects', ...projects],
  ],
  // --json also prints the report to stdout; the readable output is on stderr
  // Ctrl-C is for this process, which ends jest
  { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], detached: true },
);
let interrupted = 0;
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]) {
  process.on(signal, () => {
    interrupted = code;
    for (const pid of treeOf(jest.pid)) {
      endProcess(pid);
    }
  });
}
const status = await new Promise((resolve) => jest.on('close', resolve));
if (interrupted !== 0) {
  await removeAll();
  process.exit(interrupted);
}

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
process.exit(status === 0 && failed === 0 && passed > 0 ? 0 : 1);

/** Docker may still be creating a container that was asked for at the end of jest. */
async function removeAll() {
  if (projects.includes('integration')) {
    removeOwn();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    removeOwn();
  }
}

/** A process and its descendants, those of other groups too: examples and benchmarks clean up themselves. */
function treeOf(pid) {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return [...children.split(' ').filter(Boolean).flatMap(treeOf), pid];
  } catch {
    return [];
  }
}

function endProcess(pid) {
  try {
    process.kill(Number(pid), 'SIGTERM');
  } catch {
    // it has ended
  }
}
