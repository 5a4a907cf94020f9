/** `make demo` starts the example in the background and runs its load; `make down` stops it. */

import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { call } from '../../testkit/clients/client';
import { demonstrate } from './load';

const PREFIX = join(tmpdir(), `nginx-offload-demo-${userInfo().uid}`);
const PID = `${PREFIX}.pid`;
const LOG = `${PREFIX}.log`;

if (process.argv[2] === 'down') {
  console.log((await down()) ? 'The demo is down.' : 'The demo is not running.');
} else {
  if (await down()) {
    console.log('Stopped the running demo.');
  }
  const port = process.env.DEMO_PORT || '8080';
  const origin = await up(port);
  // an older njs has none
  const hasStatus = (await call(Number(port), '/offload/status')).status === 200;
  if (hasStatus) {
    console.log(`Status page, live: ${origin}/offload/status`);
  }
  console.log(`\n${await demonstrate(origin)}`);
  console.log(`nginx and the app are running. Try, with a poll after 5 s, as learned:

  time curl -i '${origin}/job?length=3000'
`);
  if (hasStatus) {
    console.log(`Status page: ${origin}/offload/status`);
  }
  console.log('Stop them with: make down');
  process.exit(0);
}

/** @returns the address of the example, which listens */
async function up(port: string): Promise<string> {
  rmSync(LOG, { force: true });
  const log = openSync(LOG, 'a');
  const example = spawn('examples/start.sh', ['demo'], {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, PORT: port },
  });
  example.unref();
  writeFileSync(PID, String(example.pid));
  let shown = 0;
  while (!readFileSync(LOG, 'utf8').includes('ctrl-C ends it.')) {
    shown = showProgress(shown);
    if ((example.exitCode ?? example.signalCode) !== null) {
      showProgress(shown);
      rmSync(PID, { force: true });
      console.error(
        logLines((line) => !isProgress(line))
          .join('\n')
          .replaceAll(/PORT=(\d+) \S+ \w+/g, 'make demo DEMO_PORT=$1'),
      );
      process.exit(1);
    }
    await sleep(100);
  }
  showProgress(shown);
  return `http://127.0.0.1:${port}`;
}

/**
 * Prints what the example has said of its progress: it may install packages.
 *
 * @param from lines of it that are printed already
 * @returns how many are now
 */
function showProgress(from: number): number {
  const lines = logLines(isProgress);
  lines.slice(from).forEach((line) => {
    console.log(line);
  });
  return lines.length;
}

function isProgress(line: string): boolean {
  return line.includes('==>');
}

/** @returns lines of the example's output that are whole */
function logLines(isWanted: (line: string) => boolean): string[] {
  return readFileSync(LOG, 'utf8').split('\n').slice(0, -1).filter(isWanted);
}

/** Stops the example and waits until it has ended. @returns whether it was running */
async function down(): Promise<boolean> {
  if (!existsSync(PID)) {
    return false;
  }
  const pid = Number(readFileSync(PID, 'utf8'));
  rmSync(PID);
  const wasRunning = isExample(pid);
  if (wasRunning) {
    process.kill(pid, 'SIGTERM');
  }
  while (isExample(pid)) {
    await sleep(50);
  }
  return wasRunning;
}

/** @returns false if it has ended, also where its parent does not notice, or another process has its number now */
function isExample(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('examples/start.sh');
  } catch {
    return false;
  }
}
