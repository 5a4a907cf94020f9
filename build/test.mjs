/**
 * Runs the given jest projects; the last line is `N passed, N failed`.
 *
 *   node build/test.mjs unit integration
 *
 * After the integration tests, the project `alone` follows.
 *
 * Ctrl-C and SIGTERM end jest and all that its tests started, and remove the containers of this run. Those of runs that were
 * killed are removed at the start (testkit/jest/set-up.mjs).
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { removeOwn } from '../testkit/machines/labels.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const projects = process.argv.slice(2).filter((word) => /^(unit|integration)$/.test(word));
const others = process.argv.slice(2 + projects.length);
mkdirSync(`${root}dist/test`, { recursive: true });
process.env.OFFLOAD_RUN = String(process.pid);

let running;
let interrupted = 0;
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]) {
  process.on(signal, () => {
    interrupted = code;
    for (const pid of treeOf(running.pid)) {
      endProcess(pid);
    }
  });
}

const phases = [projects];
if (projects.includes('integration')) {
  phases.push(['alone']);
}
const total = { passed: 0, failed: 0 };
for (const phase of phases) {
  const { passed, failed } = await run(phase);
  total.passed += passed;
  total.failed += failed;
}
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);

async function run(phase) {
  const report = `${root}dist/test/report${phase[0] === 'alone' ? '-alone' : ''}.json`;
  rmSync(report, { force: true });
  running = spawn(
    process.execPath,
    [
      `${root}node_modules/jest/bin/jest.js`,
      ...['--verbose', '--json', `--outputFile=${report}`, '--passWithNoTests'],
      ...['--selectProjects', ...phase, ...others],
    ],
    // --json also prints the report to stdout; the readable output is on stderr
    // Ctrl-C is for this process, which ends jest
    { cwd: root, stdio: ['ignore', 'ignore', 'inherit'], detached: true },
  );
  const status = await new Promise((resolve) => running.on('close', resolve));
  if (interrupted !== 0) {
    await removeAll();
    process.exit(interrupted);
  }
  try {
    const results = JSON.parse(readFileSync(report, 'utf8'));
    // a suite that fails to load counts as one failure
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    return { passed: results.numPassedTests, failed: failed || (status === 0 ? 0 : 1) };
  } catch {
    console.error('jest wrote no report: see above');
    return { passed: 0, failed: 1 };
  }
}

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
