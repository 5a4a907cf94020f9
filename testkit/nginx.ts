/** nginx in a container, with the bundle and the snippets in /etc/nginx/offload. */

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenericContainer, type StartedTestContainer } from 'testcontainers';
import { configuration, limitsConf, type Parts } from './configuration';
import { answers, freePort } from './ports';
import { until } from './until';

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

/** Written by testkit/set-up.mjs. */
export const matrix: Release[] = JSON.parse(
  readFileSync(join(ROOT, 'dist/test/matrix.json'), 'utf8'),
);

/** For describe.each(matrix)(onRelease, …). */
export const onRelease = 'nginx $nginx, njs $njs, engine $engine';

const running = new Set<Nginx>();
(globalThis as { nginxErrorLogs?: () => string }).nginxErrorLogs = () =>
  [...running].map((nginx) => nginx.errorLog().split('\n').slice(-40).join('\n')).join('\n');

export class Nginx {
  private constructor(
    readonly port: number,
    private readonly container: StartedTestContainer,
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
    if (parts.limits !== undefined) {
      files['limits.conf'] = limitsConf(parts.limits);
    }
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, name), content);
    }

    const image = new GenericContainer(`offload-nginx:${release.release}`);
    if (entrypoint !== undefined) {
      image.withEntrypoint(entrypoint);
    }
    const container = await image
      .withNetworkMode('host')
      .withLabels({ 'nginx-offload.test': process.cwd() })
      .withBindMounts([
        { source: folder, target: '/var/log/offload' },
        ...(parts.folders ?? []).map((each) => ({ source: each, target: each })),
        { source: join(folder, 'nginx.conf'), target: '/etc/nginx/nginx.conf', mode: 'ro' },
        { source: join(ROOT, 'dist/test/offload'), target: '/etc/nginx/offload', mode: 'ro' },
        ...(parts.limits === undefined
          ? []
          : [
              {
                source: join(folder, 'limits.conf'),
                target: '/etc/nginx/offload/limits.conf',
                mode: 'ro' as const,
              },
            ]),
      ])
      // for trimMemory()
      .withAddedCapabilities('SYS_PTRACE')
      .withUlimits({ nofile: { soft: 16384, hard: 16384 } })
      .start();
    const nginx = new Nginx(port, container, folder);
    running.add(nginx);
    await until('nginx listens', () => answers(port));
    return nginx;
  }

  async stop(): Promise<void> {
    running.delete(this);
    await this.container.stop({ timeout: 0 });
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a command in the container, such as `nginx -s reload`. */
  async run(...command: string[]): Promise<void> {
    const { exitCode, output } = await this.container.exec(command);
    if (exitCode !== 0) {
      throw new Error(`${command.join(' ')}: ${output}`);
    }
  }

  /** Kills nginx without any cleanup. */
  kill(): void {
    execFileSync('docker', ['kill', '--signal', 'KILL', this.container.getId()]);
  }

  /** Starts the same container, with its files, again. */
  startAgain(): void {
    execFileSync('docker', ['start', this.container.getId()]);
  }

  isRunning(): boolean {
    return inspect(this.container, '{{.State.Running}}') === 'true';
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
    return Number(inspect(this.container, '{{.State.Pid}}'));
  }

  /**
   * Calls malloc_trim in each worker process, which returns free memory to the system: the memory left
   * is in use or leaked.
   */
  async trimMemory(): Promise<void> {
    await this.run(
      ...['sh', '-ec'],
      `for pid in $(cat /proc/1/task/1/children); do
         gdb -p $pid -batch -ex 'call (int)malloc_trim(0)' 2>&1 | grep -F '$1 ='
       done`,
    );
  }

  workerPids(): number[] {
    const master = this.masterPid();
    return readFileSync(`/proc/${master}/task/${master}/children`, 'utf8')
      .trim()
      .split(' ')
      .map(Number);
  }

  /** A file in the folder of the logs. */
  log(name: string): string {
    const path = join(this.folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }
}

function inspect(container: StartedTestContainer, format: string): string {
  return execFileSync('docker', ['inspect', '-f', format, container.getId()], {
    encoding: 'utf8',
  }).trim();
}
