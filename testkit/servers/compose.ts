/** `make example NAME=container` in a Debian with Docker Compose, which starts its containers beside itself, on this machine. */

import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { until } from '../clients/until';
import { labelArguments, labels } from '../machines/labels.js';
import { freePort } from '../machines/ports';

/** Made here, in place of those that a registry has. */
const IMAGES = {
  NGINX_IMAGE: 'offload-official:forky',
  PYTHON_IMAGE: 'offload-python:trixie',
  REDIS_IMAGE: 'offload-redis:trixie',
};

const EXAMPLE = `${process.cwd()}/examples/container`;

export class Compose {
  private constructor(
    readonly port: number,
    private readonly project: string,
    /** Of the container that runs Docker Compose. */
    private readonly id: string,
  ) {}

  /** @param offload the image of nginx-offload */
  static async start(offload: string): Promise<Compose> {
    const port = await freePort();
    const project = `offload-${process.env.OFFLOAD_RUN}-${port}`;
    const variables = {
      ...IMAGES,
      OFFLOAD_IMAGE: offload,
      PORT: `${port}`,
      COMPOSE_PROJECT_NAME: project,
      COMPOSE_FILE: 'compose.yaml:/tmp/added.yaml',
      ADDED: added(),
    };
    const id = docker(
      ...['run', '--detach', '--init', '--network', 'host', ...labelArguments()],
      ...['--volume', '/var/run/docker.sock:/var/run/docker.sock'],
      ...['--volume', `${process.cwd()}:${process.cwd()}:ro`, '--workdir', process.cwd()],
      ...Object.entries(variables).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
      ...['--entrypoint', 'bash', 'offload-curl:trixie_docker-cli_docker-compose'],
      ...['-c', 'printenv ADDED >/tmp/added.yaml; exec examples/start.sh container'],
    );
    return new Compose(port, project, id);
  }

  /** Until its output contains the words. @returns its output */
  async says(words: string): Promise<string> {
    await until(
      `Docker Compose says ${words}`,
      () => {
        if (!this.isRunning()) {
          throw new Error(this.said());
        }
        return this.said().includes(words);
      },
      120_000,
    );
    return this.said();
  }

  said(): string {
    return execFileSync('bash', ['-c', `docker logs ${this.id} 2>&1`], { encoding: 'utf8' });
  }

  /** `docker compose`, in the folder of the example. @returns its output */
  async run(...args: string[]): Promise<string> {
    const command = ['exec', '--workdir', EXAMPLE, this.id, 'docker', 'compose', ...args];
    return (await promisify(execFile)('docker', command)).stdout.trim();
  }

  /** What compose.yaml says where no variable is set. */
  async config(): Promise<{ services: unknown }> {
    const plain = ['env', '-i', 'docker', 'compose', 'config', '--format', 'json'];
    return JSON.parse(docker('exec', '--workdir', EXAMPLE, this.id, ...plain));
  }

  /** Of a service's container. */
  async inspect(service: string, format: string): Promise<string> {
    return docker('inspect', '--format', format, await this.run('ps', '--all', '--quiet', service));
  }

  /** Another container gets the address that is free now. @returns what removes it */
  takeAddress(): () => void {
    const id = docker(
      ...['run', '--detach', '--network', `${this.project}_default`, ...labelArguments()],
      ...['--entrypoint', 'sleep', IMAGES.REDIS_IMAGE, 'infinity'],
    );
    return () => docker('rm', '--force', id);
  }

  /** The containers, networks, volumes and images of the project. */
  all(): string[] {
    const filter = ['--quiet', '--filter', `label=com.docker.compose.project=${this.project}`];
    return [
      ...[docker('ps', '--all', ...filter), docker('network', 'ls', ...filter)],
      ...[docker('volume', 'ls', ...filter), docker('image', 'ls', ...filter)],
    ].flatMap((ids) => ids.split('\n').filter(Boolean));
  }

  /** Ctrl-C, until it has ended. */
  async interrupt(): Promise<void> {
    docker('kill', '--signal', 'INT', this.id);
    await promisify(execFile)('docker', ['wait', this.id]);
  }

  remove(): void {
    docker('rm', '--force', this.id);
  }

  private isRunning(): boolean {
    return docker('inspect', '--format', '{{.State.Running}}', this.id) === 'true';
  }
}

/** What the tests add to compose.yaml: labels, by which all is removed, and how the images made here differ. */
function added(): string {
  const own = { labels: labels() };
  const built = { ...own, build: own };
  return JSON.stringify({
    services: {
      // Debian's nginx has its temporary files there
      nginx: { ...built, tmpfs: ['/var/lib/nginx'] },
      app: built,
      worker: built,
      // Docker's redis has no protected mode
      redis: { ...own, entrypoint: ['sh', '-c', 'exec "$$@" --protected-mode no', 'sh'] },
    },
    networks: { default: own },
    volumes: { redis: own, shop: own },
  });
}

function docker(...args: string[]): string {
  return execFileSync('docker', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}
