/** Starts and stops the demo's nginx and app; their process ids are kept in files. */

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');

/** Outside of the checkout: nginx's worker processes may have no access to a home directory. */
const PREFIX = join(tmpdir(), `nginx-offload-demo-${userInfo().uid}`);
const PID_FILES = ['nginx.pid', 'app.pid'];

const APP_PORT = Number(process.env.DEMO_APP_PORT || 5050);
const PORT = Number(process.env.DEMO_PORT || 8080);

export async function up(workers: number): Promise<{ url: string }> {
  for (const [port, setting] of [
    [PORT, 'DEMO_PORT'],
    [APP_PORT, 'DEMO_APP_PORT'],
  ] as const) {
    if (!Number.isInteger(port) || port < 1 || port > 65_535) {
      console.error(`${setting}=${process.env[setting]}: must be a port, such as ${setting}=8080`);
      process.exit(1);
    }
    if (await isInUse(port)) {
      console.error(`Port ${port} is in use. Choose another: make demo ${setting}=${port + 1}`);
      process.exit(1);
    }
  }
  rmSync(PREFIX, { recursive: true, force: true });
  mkdirSync(PREFIX, { recursive: true });

  const module = execFileSync(join(ROOT, 'build/setup/nginx.sh'), {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim();
  execFileSync(process.execPath, [
    ...['--import', 'tsx', join(ROOT, 'build/dist.ts')],
    ...['--out', join(PREFIX, 'offload'), '--socket-dir', join(PREFIX, 'private'), '--no-tarball'],
  ]);

  console.log(`The app: 127.0.0.1:${APP_PORT}, ${workers} workers`);
  const log = openSync(join(PREFIX, 'app.log'), 'a');
  const app = spawn(
    process.execPath,
    [
      '--import',
      'tsx',
      join(ROOT, 'testkit/upstream/main.ts'),
      '--port',
      String(APP_PORT),
      '--workers',
      String(workers),
    ],
    { cwd: ROOT, detached: true, stdio: ['ignore', log, log] },
  );
  app.unref();
  writeFileSync(join(PREFIX, 'app.pid'), String(app.pid));

  const conf = join(PREFIX, 'nginx.conf');
  writeFileSync(conf, nginxConf(module));
  console.log(`nginx:   127.0.0.1:${PORT}, its files: ${PREFIX}`);
  nginx('-t', '-q');
  nginx();

  await waitForPort(APP_PORT, join(PREFIX, 'app.log'));
  await waitForPort(PORT, join(PREFIX, 'error.log'));
  return { url: `http://127.0.0.1:${PORT}` };
}

/** Stops the demo and waits until its processes have ended. @returns whether it was running */
export async function down(): Promise<boolean> {
  let wasRunning = false;
  for (const name of PID_FILES) {
    const file = join(PREFIX, name);
    if (existsSync(file)) {
      const pid = Number(readFileSync(file, 'utf8'));
      rmSync(file);
      wasRunning = signal(pid, 'SIGTERM') || wasRunning;
      const end = Date.now() + 5000;
      while (signal(pid, 0) && Date.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
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

function nginx(...args: string[]): void {
  execFileSync('nginx', ['-p', PREFIX, '-c', join(PREFIX, 'nginx.conf'), ...args], {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` },
  });
}

function nginxConf(module: string): string {
  return readFileSync(join(import.meta.dirname, 'nginx.conf'), 'utf8')
    .replaceAll('@MODULE@', module)
    .replaceAll('@PORT@', String(PORT))
    .replaceAll('@APP_PORT@', String(APP_PORT));
}

function isInUse(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function waitForPort(port: number, log: string): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await isInUse(port))) {
    if (Date.now() > end) {
      const output = existsSync(log) ? readFileSync(log, 'utf8') : '';
      throw new Error(`nothing listens on port ${port} after 10 s; ${log}:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
