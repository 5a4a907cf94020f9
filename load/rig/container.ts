/**
 * A container of a benchmark. Its name is known before it starts, so that one that is stopped
 * within its start is removed as well.
 */

import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { atTheEnd } from './at-the-end';
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
  /** The only CPU that it runs on, from 0. */
  cpu?: number;
  /** What is run; the image's own unless given. */
  program?: string;
  arguments?: string[];
}

export class Container {
  readonly name = `offload-load-${process.pid}-${++count}`;
  private readonly takeBack = atTheEnd(() => this.forceRemoval());

  private constructor() {}

  /** In one go: a ctrl-C meets a container that is there, or none. */
  static start(options: ContainerOptions): Container {
    const container = new Container();
    docker('run', '--detach', ...container.words(options));
    return container;
  }

  /** Runs it to its end. @returns what it wrote to stdout */
  static async run(options: ContainerOptions): Promise<string> {
    const container = new Container();
    const { stdout } = await run('docker', ['run', '--rm', ...container.words(options)]);
    container.takeBack();
    return stdout;
  }

  private words({ image, volumes = [], openFiles, cpu, ...what }: ContainerOptions): string[] {
    return [
      ...['--name', this.name, '--network', 'host'],
      ...['--label', `nginx-offload.test=${process.cwd()}`],
      ...(openFiles === undefined ? [] : ['--ulimit', `nofile=${openFiles}:${openFiles}`]),
      ...(cpu === undefined ? [] : ['--cpuset-cpus', String(cpu)]),
      ...volumes.flatMap(([from, to]) => ['--volume', `${from}:${to}`]),
      ...(what.program === undefined ? [] : ['--entrypoint', what.program]),
      ...[`offload-${image}`, ...(what.arguments ?? [])],
    ];
  }

  /** Of its first process, on this machine. */
  pid(): number {
    return Number(docker('inspect', '--format', '{{.State.Pid}}', this.name));
  }

  /** Of the processes that its first one started. */
  childPids(): number[] {
    return childrenOf(this.pid());
  }

  /** As `docker stop`: with the image's signal, and for as long as it takes. */
  async stop(): Promise<void> {
    await run('docker', ['stop', '--time', '60', this.name]);
  }

  /** The last lines that it wrote. */
  logs(): string {
    const { stdout, stderr } = spawnSync('docker', ['logs', '--tail', '40', this.name], {
      encoding: 'utf8',
    });
    return stdout + stderr;
  }

  /** Whatever it does; one that is gone is nothing to complain of. */
  remove(): void {
    this.forceRemoval();
    this.takeBack();
  }

  private forceRemoval(): void {
    spawnSync('docker', ['rm', '--force', this.name], { stdio: 'ignore' });
  }
}

function docker(...words: string[]): string {
  return execFileSync('docker', words, { encoding: 'utf8' }).trim();
}
