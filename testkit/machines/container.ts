/** Containers of tests and benchmarks, by default on the network of this machine. */

import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { GenericContainer, type StartedTestContainer } from 'testcontainers';
import { labels } from './labels.js';
import { forgetLog, keepLog } from './logs';

// the containers are removed by their labels; testcontainers' reaper is an image that needs a registry
process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';

export interface ContainerOptions {
  /** Of build/images: `offload-nginx:trixie`. */
  image: string;
  /** Paths of this machine by the path in the container; `:ro` behind that: read only. */
  mounts?: Record<string, string>;
  /** Texts of files, by the path in the container. */
  files?: Record<string, string>;
  /** Default: that of the image. */
  entrypoint?: string[] | undefined;
  command?: string[];
  env?: Record<string, string>;
  network?: 'host' | 'none';
  /** Open files of each of its processes. */
  openFiles?: number;
  /** Pins it to this CPU, counted from 0. */
  cpu?: number | undefined;
}

/** testcontainers can limit how much CPU is used, but not say which one. */
class Image extends GenericContainer {
  pinTo(cpu: number): void {
    this.hostConfig.CpusetCpus = String(cpu);
  }
}

const starting = new Set<Promise<unknown>>();
let hasEnded = false;

/** No container is started any more; those that are being created now can be found by their labels. */
export async function startsSettled(): Promise<void> {
  hasEnded = true;
  await Promise.allSettled(starting);
}

export class Container {
  /** Asked for once: tests that watch processes ask again and again. */
  private knownPid: number | undefined;

  private constructor(private readonly started: StartedTestContainer) {}

  static async start(options: ContainerOptions): Promise<Container> {
    if (hasEnded) {
      throw new Error(`${options.image} is not started, as this process ends`);
    }
    const image = new Image(options.image)
      .withNetworkMode(options.network ?? 'host')
      .withLabels(labels())
      .withBindMounts(
        Object.entries(options.mounts ?? {}).map(([path, source]) => {
          const [target = '', mode = 'rw'] = path.split(':');
          return { source, target, mode: mode as 'ro' | 'rw' };
        }),
      )
      .withCopyContentToContainer(
        Object.entries(options.files ?? {}).map(([target, content]) => ({ target, content })),
      );
    if (options.openFiles !== undefined) {
      image.withUlimits({ nofile: { soft: options.openFiles, hard: options.openFiles } });
    }
    if (options.entrypoint !== undefined) {
      image.withEntrypoint(options.entrypoint);
    }
    if (options.env !== undefined) {
      image.withEnvironment(options.env);
    }
    if (options.command !== undefined) {
      image.withCommand(options.command);
    }
    if (options.cpu !== undefined) {
      image.pinTo(options.cpu);
    }
    const start = image.start();
    starting.add(start);
    try {
      const container = new Container(await start);
      keepLog(container, options.image, () => container.logs());
      return container;
    } finally {
      starting.delete(start);
    }
  }

  /** Runs a command in it. @returns its output; throws if it fails */
  async run(command: string[], env: Record<string, string> = {}): Promise<string> {
    const { exitCode, output } = await this.started.exec(command, { env });
    if (exitCode !== 0) {
      throw new Error(`${command.join(' ')}: ${output}`);
    }
    return output;
  }

  get id(): string {
    return this.started.getId();
  }

  /** The host's pid of its first process. */
  pid(): number {
    this.knownPid ??= Number(this.inspect('{{.State.Pid}}'));
    return this.knownPid;
  }

  isRunning(): boolean {
    return this.inspect('{{.State.Running}}') === 'true';
  }

  /** The host's pids of the first process's children. */
  childPids(): number[] {
    return childrenOf(this.pid());
  }

  /** The last lines of its output; synchronous, for messages of errors. */
  logs(): string {
    const logs = spawnSync('docker', ['logs', '--tail', '40', this.id], { encoding: 'utf8' });
    return logs.stdout + logs.stderr;
  }

  /** Stops it with the image's stop signal and waits for its end. */
  async end(): Promise<void> {
    await this.started.stop({ timeout: 120_000, remove: false });
  }

  /** Sends its first process a signal, such as HUP. */
  async signal(name: string): Promise<void> {
    await docker('kill', '--signal', name, this.id);
  }

  /** Until its first process has ended. */
  async ended(): Promise<void> {
    await docker('wait', this.id);
  }

  /** Starts it again after its end, with the files that it has now. */
  async startAgain(): Promise<void> {
    this.knownPid = undefined;
    await docker('start', this.id);
  }

  /** Kills and removes it. */
  async stop(): Promise<void> {
    forgetLog(this);
    await this.started.stop({ timeout: 0 });
  }

  private inspect(format: string): string {
    return execFileSync('docker', ['inspect', '-f', format, this.id], { encoding: 'utf8' }).trim();
  }
}

const docker = (...args: string[]) => promisify(execFile)('docker', args);

export function childrenOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return children === '' ? [] : children.split(' ').map(Number);
}
