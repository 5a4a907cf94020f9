/** Containers that share a network of their own, as those of a Kubernetes pod do, and volumes. */

import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../clients/until';
import { labelArguments } from './labels.js';
import { forgetLog, keepLog } from './logs';

export class Pod {
  private readonly containers: PodContainer[] = [];
  private readonly volumes: string[] = [];

  /** @param pause the container that holds the network: the others may end and start again */
  private constructor(private readonly pause: string) {}

  static start(): Pod {
    const entrypoint = ['--init', '--entrypoint', 'sleep'];
    const pod = new Pod(
      docker(
        ...['run', '--detach', '--network', 'none', ...labelArguments()],
        ...[...entrypoint, 'offload-curl:trixie', 'infinity'],
      ),
    );
    keepLog(pod, 'containers of the pod', () => pod.output());
    return pod;
  }

  /** @param args of `docker run`, with the image */
  run(...args: string[]): PodContainer {
    const container = new PodContainer(
      docker(
        ...['run', '--detach', '--network', `container:${this.pause}`, ...labelArguments()],
        ...args,
      ),
    );
    this.containers.push(container);
    return container;
  }

  /** A folder as Kubernetes makes an emptyDir: open to all users, whoever they are. @returns its path */
  emptyDir(): string {
    const folder = mkdtempSync(join(tmpdir(), 'offload-volume-'));
    chmodSync(folder, 0o777);
    this.volumes.push(folder);
    return folder;
  }

  /** uWSGI with testkit/apps/wsgi.py at 127.0.0.1:5000, where nginx.conf.example expects an app. */
  async startApp(): Promise<void> {
    this.run(
      ...['--volume', `${join(process.cwd(), 'testkit/apps')}:/srv/app:ro`],
      ...['offload-uwsgi:trixie', '--socket', '127.0.0.1:5000', '--processes', '2'],
      ...['--wsgi-file', '/srv/app/wsgi.py'],
    );
    await this.listens(5000);
  }

  /** Until a process listens on the port. */
  listens(port: number): Promise<void> {
    const address = `:${port.toString(16).padStart(4, '0').toUpperCase()} 00000000:0000 0A`;
    return until(`a process listens on port ${port} of the pod`, () =>
      docker('exec', this.pause, 'cat', '/proc/net/tcp').includes(address),
    );
  }

  /** @returns body and status of the answer */
  call(port: number, path: string): string {
    const url = `http://127.0.0.1:${port}${path}`;
    const args = ['--silent', '--show-error', '--write-out', ' %{http_code}', url];
    return docker('exec', this.pause, 'curl', ...args);
  }

  /** A call that is offloaded, to the app of startApp. */
  async offloads(port: number): Promise<void> {
    await this.listens(port);
    expect(this.call(port, '/parcels/job?length=300&name=label')).toMatch(/ 200$/);
  }

  /** What its containers have written. */
  output(): string {
    return this.containers.map((container) => container.output()).join('');
  }

  stop(): void {
    forgetLog(this);
    docker('rm', '--force', '--volumes', this.pause, ...this.containers.map(({ id }) => id));
    for (const volume of this.volumes) {
      rmSync(volume, { recursive: true });
    }
  }
}

export class PodContainer {
  constructor(readonly id: string) {}

  exec(...command: string[]): string {
    return docker('exec', this.id, ...command);
  }

  modeOf(path: string): string {
    return this.exec('stat', '-c', '%a %U', path);
  }

  /** Whether another user of the container reaches the waiter in that folder. */
  reaches(folder: string): boolean {
    const connect = `exit !IO::Socket::UNIX->new(Peer => "${folder}/waiter.sock")`;
    const perl = ['perl', '-MIO::Socket::UNIX', '-e', connect];
    const { status } = spawnSync('docker', ['exec', '--user', 'nobody', this.id, ...perl]);
    return status === 0;
  }

  /** All of its processes, without any cleanup. */
  kill(): void {
    docker('kill', this.id);
  }

  /** Starts it again, with the files that it has. */
  startAgain(): void {
    docker('start', this.id);
  }

  isRunning(): boolean {
    return docker('inspect', '--format', '{{.State.Running}}', this.id) === 'true';
  }

  /** What its processes have written. */
  output(): string {
    const { stdout, stderr } = spawnSync('docker', ['logs', this.id], { encoding: 'utf8' });
    return stdout + stderr;
  }
}

function docker(...args: string[]): string {
  return execFileSync('docker', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}
