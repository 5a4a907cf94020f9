/** `make demo` starts the example in the background and runs its load; `make down` stops it. */

import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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
  const origin = await up(process.env.DEMO_PORT || '8080');
  console.log(`Status page, live: ${origin}/offload/status`);
  console.log(`\n${await demonstrate(origin)}`);
  console.log(`nginx and the app are running. Try:

  time curl -i '${origin}/job?length=3000'

Status page: ${origin}/offload/status
Stop them with: make down`);
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
    if (example.exitCode !== null) {
      rmSync(PID, { force: true });
      console.error(
        readFileSync(LOG, 'utf8').replaceAll(/PORT=(\d+) \S+ \w+/g, 'make demo DEMO_PORT=$1'),
      );
      process.exit(1);
    }
    await sleep(100);
  }
  showProgress(shown);
  return `http://127.0.0.1:${port}`;
}

/**
 * Prints what the example has said of its progress: it may install packages, or build an image.
 *
 * @param from lines of it that are printed already
 * @returns how many are now
 */
function showProgress(from: number): number {
  const lines = readFileSync(LOG, 'utf8')
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.includes('==>'));
  lines.slice(from).forEach((line) => {
    console.log(line);
  });
  return lines.length;
}

/** Stops the example and waits until it has ended. @returns whether it was running */
async function down(): Promise<boolean> {
  if (!existsSync(PID)) {
    return false;
  }
  const pid = Number(readFileSync(PID, 'utf8'));
  rmSync(PID);
  const wasRunning = signal(pid, 'SIGTERM');
  while (signal(pid, 0)) {
    await sleep(50);
  }
  return wasRunning;
}

/** @returns false if the process has ended */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}
