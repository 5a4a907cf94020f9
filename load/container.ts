/**
 * A container of a benchmark. Its name is known before it starts, so that one that is stopped
 * within its start is removed as well.
 */

import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { atTheEnd } from './at-the-end';

const run = promisify(execFile);
let count = 0;

export interface ContainerOptions {
  /** One of build/images, with its release. */
  image: string;
  /** [on this machine, in the container] */
  volumes?: [string, string][];
  /** Open files of each of its processes. */
  openFiles?: number;
  /** The only CPU that it runs on, from 0. */
  cpu?: number;
  command?: string[];
}

export class Container {
  readonly name = `offload-load-${process.pid}-${++count}`;

  static async start(options: ContainerOptions): Promise<Container> {
    const container = new Container();
    atTheEnd(() => container.remove());
    await run('docker', ['run', '--detach', ...container.arguments(options)]);
    return container;
  }

  /** Runs it to its end. @returns what it wrote to stdout */
  static async run(options: ContainerOptions): Promise<string> {
    const container = new Container();
    atTheEnd(() => container.remove());
    const { stdout } = await run('docker', ['run', '--rm', ...container.arguments(options)]);
    return stdout;
  }

  private arguments({
    image,
    volumes = [],
    openFiles,
    cpu,
    command = [],
  }: ContainerOptions): string[] {
    return [
      ...['--name', this.name, '--network', 'host'],
      ...['--label', `nginx-offload.test=${process.cwd()}`],
      ...(openFiles === undefined ? [] : ['--ulimit', `nofile=${openFiles}:${openFiles}`]),
      ...(cpu === undefined ? [] : ['--cpuset-cpus', String(cpu)]),
      ...volumes.flatMap(([from, to]) => ['--volume', `${from}:${to}`]),
      ...[image, ...command],
    ];
  }

  /** Of its first process. */
  pid(): number {
    const format = ['inspect', '--format', '{{.State.Pid}}', this.name];
    return Number(execFileSync('docker', format, { encoding: 'utf8' }));
  }

  /** Of the processes that its first one started. */
  childPids(): number[] {
    const pid = this.pid();
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
    return children === '' ? [] : children.split(' ').map(Number);
  }

  /** As `docker stop`: with the image's signal, and for as long as it takes. */
  async stop(): Promise<void> {
    await run('docker', ['stop', '--time', '60', this.name]);
  }

  logs(): string {
    const { stdout, stderr } = spawnSync('docker', ['logs', this.name], { encoding: 'utf8' });
    return stdout + stderr;
  }

  /** Whatever it does; one that is gone is nothing to complain of. */
  remove(): void {
    spawnSync('docker', ['rm', '--force', this.name], { stdio: 'ignore' });
  }
}
