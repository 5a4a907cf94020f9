/** A Debian machine with nginx, as a container with a network of its own, and uWSGI beside it. */

import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../clients/until';
import { labelArguments } from './labels.js';

interface Options {
  /** Folders of this machine, mounted read-only at the same path. */
  folders: string[];
  /** A folder of the container that is empty after each start. */
  tmpfs?: string;
  /** Its first process. */
  command?: string[];
}

export class Debian {
  private readonly apps: string[] = [];

  private constructor(private readonly id: string) {}

  static start(release: string, options: Options): Debian {
    const [entrypoint = '', ...args] = options.command ?? ['sleep', 'infinity'];
    const id = docker(
      ...['run', '--detach', '--init', '--network', 'none', ...labelArguments()],
      ...options.folders.flatMap((folder) => ['--volume', `${folder}:${folder}:ro`]),
      ...(options.tmpfs === undefined ? [] : ['--tmpfs', options.tmpfs]),
      ...['--env', 'DEBIAN_FRONTEND=noninteractive'],
      ...['--entrypoint', entrypoint, `offload-nginx:${release}`, ...args],
    );
    const debian = new Debian(id);
    // in a container without systemd, packages leave running services alone but for this
    debian.write('/usr/sbin/policy-rc.d', '#!/bin/sh\nexit 0\n');
    debian.run('chmod', '+x', '/usr/sbin/policy-rc.d');
    return debian;
  }

  /** uWSGI with testkit/apps/wsgi.py at 127.0.0.1:5000. */
  async startApp(): Promise<void> {
    this.apps.push(
      docker(
        ...['run', '--detach', '--network', `container:${this.id}`, ...labelArguments()],
        ...['--volume', `${join(process.cwd(), 'testkit/apps')}:/srv/app:ro`],
        ...['offload-uwsgi:trixie', '--socket', '127.0.0.1:5000', '--processes', '2'],
        ...['--wsgi-file', '/srv/app/wsgi.py'],
      ),
    );
    await until('uWSGI listens', () => this.listens(5000));
  }

  /** Whether a process listens on the port (forky has no ss). */
  listens(port: number): boolean {
    const address = `:${port.toString(16).padStart(4, '0').toUpperCase()} 00000000:0000 0A`;
    return this.run('cat', '/proc/net/tcp').includes(address);
  }

  run(...command: string[]): string {
    return docker('exec', this.id, ...command);
  }

  write(path: string, text: string): void {
    execFileSync('docker', ['exec', '--interactive', this.id, 'sh', '-c', `cat >${path}`], {
      input: text,
    });
  }

  /** @returns body and status of the answer of nginx at port 80 */
  call(path: string): Promise<string> {
    const args = [
      ...[
        'run',
        '--rm',
        '--network',
        `container:${this.id}`,
        ...labelArguments(),
        'offload-curl:trixie',
      ],
      ...['--silent', '--show-error', '--write-out', ' %{http_code}', `http://127.0.0.1${path}`],
    ];
    return promisify(execFile)('docker', args).then(({ stdout }) => stdout);
  }

  /** Kills all processes without any cleanup. */
  kill(): void {
    docker('kill', this.id);
  }

  /** Starts the same container, with its files, again. */
  startAgain(): void {
    docker('start', this.id);
  }

  isRunning(): boolean {
    return docker('inspect', '--format', '{{.State.Running}}', this.id) === 'true';
  }

  stop(): void {
    docker('rm', '--force', this.id, ...this.apps);
  }
}

function docker(...args: string[]): string {
  return execFileSync('docker', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}
