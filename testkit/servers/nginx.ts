/** nginx in a container, with the bundle and the snippets in /etc/nginx/offload. */

import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../clients/until';
import { Container } from '../machines/container';
import { labelArguments } from '../machines/labels.js';
import { forgetLog, keepLog } from '../machines/logs';
import { answers, freePort } from '../machines/ports';
import { configuration, limitsConf, type Parts } from './configuration';

export { answers, freePort };

/** A release of the matrix; `engine` is the value of js_engine. */
export interface Release {
  release: string;
  nginx: string;
  njs: string;
  engine: 'njs' | 'qjs';
}

/** make and jest run in the folder of package.json. */
const ROOT = process.cwd();

/** Written by testkit/jest/set-up.mjs. */
export const matrix: Release[] = JSON.parse(
  readFileSync(join(ROOT, 'dist/test/matrix.json'), 'utf8'),
);

/** One of each engine, for what depends on the engine alone; all of those that OFFLOAD_MATRIX names. */
export const engines = selected(
  (each) => each.release === (each.engine === 'qjs' ? 'forky' : 'trixie'),
);

/**
 * The oldest release, and the newest with the other engine: for what may depend on both, but is decided by code
 * that the whole matrix tests elsewhere; all of those that OFFLOAD_MATRIX names.
 */
export const ends = selected(
  (each) => each.release === 'bookworm' || (each.release === 'forky' && each.engine === 'qjs'),
);

/** Debian 13's nginx, for what does not depend on the release; all of those that OFFLOAD_MATRIX names. */
export const stable = selected((each) => each.release === 'trixie');

function selected(isSelected: (release: Release) => boolean): Release[] {
  return process.env.OFFLOAD_MATRIX ? matrix : matrix.filter(isSelected);
}

/** For describe.each(matrix)(onRelease, …). */
export const onRelease = 'nginx $nginx, njs $njs, engine $engine';

/** For 8192 connections of a worker process (configuration.ts). */
const LIMITS: [held: number, byAddress: number] = [1300, 500];

export class Nginx {
  private constructor(
    readonly port: number,
    private readonly container: Container,
    private readonly folder: string,
  ) {}

  /** @param entrypoint default: that of the image */
  static async start(
    release: Release,
    parts: Omit<Parts, 'port' | 'engine'>,
    entrypoint?: string[],
  ): Promise<Nginx> {
    const port = await freePort();
    const text = configuration({ ...parts, port, engine: release.engine });
    const folder = mkdtempSync(join(tmpdir(), 'offload-test-'));
    chmodSync(folder, 0o777);
    const files: Record<string, string> = { 'nginx.conf': text, ...parts.files };
    const edited = {
      ...(parts.whole === undefined && { 'limits.conf': limitsConf(parts.limits ?? LIMITS) }),
      ...parts.edited,
    };
    const mounts: Record<string, string> = {};
    for (const [path, content] of Object.entries(edited)) {
      const name = path.replaceAll('/', '-');
      files[name] = content;
      mounts[`/etc/nginx/offload/${path}:ro`] = join(folder, name);
    }
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), content);
    }

    const container = await Container.start({
      image: `offload-nginx:${release.release}`,
      entrypoint,
      mounts: {
        '/var/log/offload': folder,
        ...Object.fromEntries((parts.folders ?? []).map((each) => [each, each])),
        '/etc/nginx/nginx.conf:ro': join(folder, 'nginx.conf'),
        '/etc/nginx/offload:ro': join(ROOT, 'dist/test/offload'),
        ...mounts,
      },
      openFiles: 16384,
    });
    const nginx = new Nginx(port, container, folder);
    keepLog(nginx, "nginx's error log", () => nginx.errorLog());
    await until('nginx listens', () => answers(port));
    if (entrypoint === undefined) {
      const workers = parts.workerProcesses ?? 2;
      // a cache has processes of its own beside them
      await until('nginx has its workers', () => nginx.workerPids().length >= workers);
    }
    return nginx;
  }

  async stop(): Promise<void> {
    forgetLog(this);
    await this.container.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a command in the container, such as `nginx -s reload`. */
  async run(...command: string[]): Promise<void> {
    await this.container.run(command);
  }

  /** @returns the output of a command in the container */
  outputOf(...command: string[]): Promise<string> {
    return this.container.run(command);
  }

  /** Kills nginx without any cleanup. */
  kill(): void {
    execFileSync('docker', ['kill', '--signal', 'KILL', this.container.id]);
  }

  /** Starts the same container, with its files, again. */
  startAgain(): Promise<void> {
    return this.container.startAgain();
  }

  isRunning(): boolean {
    return this.container.isRunning();
  }

  errorLog(): string {
    return this.log('error.log');
  }

  /** Lines of the error log of level crit and above. */
  severeErrors(): string[] {
    return this.errorLog()
      .split('\n')
      .filter((line) => /\[(alert|crit|emerg)\]/.test(line));
  }

  accessLog(): string[] {
    return this.log('access.log')
      .split('\n')
      .filter((line) => line !== '');
  }

  masterPid(): number {
    return this.container.pid();
  }

  /**
   * Calls malloc_trim in each worker process, which returns free memory to the system: the memory left
   * is in use or leaked. By Debian 13's gdb: Debian 12's fails on CPUs with AMX.
   */
  async trimMemory(): Promise<void> {
    await promisify(execFile)('docker', [
      ...['run', '--rm', ...labelArguments(), '--pid', `container:${this.container.id}`],
      ...['--cap-add', 'SYS_PTRACE', '--entrypoint', 'sh', 'offload-nginx:trixie', '-ec'],
      // a process that ends meanwhile is one of an older configuration
      `for pid in $(cat /proc/1/task/1/children); do
         said=$(gdb -batch -ex "set sysroot /proc/$pid/root" -p $pid -ex 'call (int)malloc_trim(0)' 2>&1) || true
         case $said in *'$1 ='*) continue ;; esac
         sleep 1
         [ ! -e /proc/$pid ] || { echo "$said" >&2; exit 1; }
       done`,
    ]);
  }

  workerPids(): number[] {
    return this.container.childPids();
  }

  /** A file in the folder of the logs. */
  log(name: string): string {
    const path = join(this.folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }
}
