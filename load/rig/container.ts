/**
 * A container of a benchmark. Its name is chosen before it starts, so that it can be removed even if
 * the benchmark is interrupted during the start.
 */

import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { onExit } from './on-exit';
import { childrenOf } from './usage';

const run = promisify(execFile);
let count = 0;

export interface ContainerOptions {
  /** One of build/images, with its release: `nginx:trixie`. */
  image: string;
  /** [on this machine, in the container] */
  volumes?: [string, string][];
  /** Open files of each of its processes. */
  openFiles?: number;
  /** Pins it to this CPU, counted from 0. */
  cpu?: number;
  /** Default: the entrypoint of the image. */
  program?: string;
  arguments?: string[];
}

export class Container {
  readonly name = `offload-load-${process.pid}-${++count}`;
  private readonly unregister = onExit(() => this.forceRemoval());

  private constructor() {}

  /** Synchronous, so that Ctrl-C cannot interrupt it half-way. */
  static start(options: ContainerOptions): Container {
    const container = new Container();
    docker('run', '--detach', ...container.dockerArguments(options));
    return container;
  }

  /** Runs it until it exits. @returns its stdout */
  static async run(options: ContainerOptions): Promise<string> {
    const container = new Container();
    const { stdout } = await run('docker', ['run', '--rm', ...container.dockerArguments(options)]);
    container.unregister();
    return stdout;
  }

  private dockerArguments({
    image,
    volumes = [],
    openFiles,
    cpu,
    program,
    arguments: programArguments = [],
  }: ContainerOptions): string[] {
    return [
      ...['--name', this.name, '--network', 'host'],
      ...['--label', `nginx-offload.test=${process.cwd()}`],
      ...(openFiles === undefined ? [] : ['--ulimit', `nofile=${openFiles}:${openFiles}`]),
      ...(cpu === undefined ? [] : ['--cpuset-cpus', String(cpu)]),
      ...volumes.flatMap(([from, to]) => ['--volume', `${from}:${to}`]),
      ...(program === undefined ? [] : ['--entrypoint', program]),
      ...[`offload-${image}`, ...programArguments],
    ];
  }

  /** The host's pid of its first process. */
  pid(): number {
    return Number(docker('inspect', '--format', '{{.State.Pid}}', this.name));
  }

  /** The host's pids of the first process's children. */
  childPids(): number[] {
    return childrenOf(this.pid());
  }

  /** Stops it with the image's stop signal and waits. */
  async stop(): Promise<void> {
    await run('docker', ['stop', '--time', '60', this.name]);
  }

  /** The last lines of its output. */
  logs(): string {
    const { stdout, stderr } = spawnSync('docker', ['logs', '--tail', '40', this.name], {
      encoding: 'utf8',
    });
    return stdout + stderr;
  }

  /** Removes it, running or not; no error if it does not exist. */
  remove(): void {
    this.forceRemoval();
    this.unregister();
  }

  private forceRemoval(): void {
    spawnSync('docker', ['rm', '--force', this.name], { stdio: 'ignore' });
  }
}

function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8' }).trim();
}
