/** The demo's nginx and app: started, remembered by their ids, ended. */

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');

/** Not in the checkout: nginx's worker processes must get there, and a home may be closed. */
const PREFIX = join(tmpdir(), `nginx-offload-demo-${userInfo().uid}`);
const PID_FILES = ['nginx.pid', 'app.pid'];

const APP_PORT = Number(process.env.DEMO_APP_PORT || 5050);
const PORT = Number(process.env.DEMO_PORT || 8080);

export async function bringUp(workers: number): Promise<{ url: string }> {
  for (const [port, setting] of [
    [PORT, 'DEMO_PORT'],
    [APP_PORT, 'DEMO_APP_PORT'],
  ] as const) {
    if (await isTaken(port)) {
      console.error(`Port ${port} is taken. Choose another: make demo ${setting}=${port + 1}`);
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
      join(ROOT, 'test/upstream/main.ts'),
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

  await untilTaken(APP_PORT, join(PREFIX, 'app.log'));
  await untilTaken(PORT, join(PREFIX, 'error.log'));
  return { url: `http://127.0.0.1:${PORT}` };
}

/** @returns whether there was anything to end; it has ended, and its ports are free */
export async function down(): Promise<boolean> {
  let wasUp = false;
  for (const name of PID_FILES) {
    const file = join(PREFIX, name);
    if (existsSync(file)) {
      const pid = Number(readFileSync(file, 'utf8'));
      rmSync(file);
      wasUp = signal(pid, 'SIGTERM') || wasUp;
      const end = Date.now() + 5000;
      while (signal(pid, 0) && Date.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }
  return wasUp;
}

/** @returns false where the process has ended */
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

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function untilTaken(port: number, log: string): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await isTaken(port))) {
    if (Date.now() > end) {
      const said = existsSync(log) ? readFileSync(log, 'utf8') : '';
      throw new Error(`nothing listens on port ${port} after 10 s; ${log}:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
