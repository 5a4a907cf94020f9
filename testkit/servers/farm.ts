/** A farm created by farm.sh: uWSGI's Emperor in a container, with an app of testkit/apps. */

import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../clients/until';
import { Container } from '../machines/container';

const SERVICE = join(process.cwd(), 'dist/test/offload/service');

export class Farm {
  private constructor(
    /** The same path in each container. */
    readonly folder: string,
    readonly backends: number,
    private readonly container: Container,
  ) {}

  /**
   * @param options isShared: one socket for all backends; module: of testkit/apps, with an
   *   `application`; lines: added to vassal.ini
   */
  static async start(
    backends: number,
    { isShared = false, module = 'farm', lines = '' } = {},
  ): Promise<Farm> {
    const folder = mkdtempSync(join(tmpdir(), 'offload-farm-'));
    chmodSync(folder, 0o777);
    for (const name of ['run', 'vassals']) {
      mkdirSync(join(folder, name));
      chmodSync(join(folder, name), 0o777);
    }
    writeFileSync(join(folder, 'runs.log'), '');
    chmodSync(join(folder, 'runs.log'), 0o666);
    const env = { ...environment(folder), ...(isShared ? { ONE_SOCKET: '1' } : {}) };
    execFileSync(join(SERVICE, 'farm.sh'), [String(backends)], { env });
    const template = join(folder, 'vassal.ini');
    const vassal = readFileSync(template, 'utf8').replace('app:app', `${module}:application`);
    writeFileSync(
      template,
      `${vassal}\nenv = BACKEND=%n\nenv = RUNS=${folder}/runs.log\n${lines}\n`,
    );
    const container = await Container.start({
      image: 'offload-uwsgi:trixie',
      mounts: {
        [folder]: folder,
        '/srv/app:ro': join(process.cwd(), 'testkit/apps'),
        '/etc/nginx/offload/service:ro': SERVICE,
      },
      entrypoint: ['uwsgi', '--emperor', join(folder, 'vassals'), '--die-on-term'],
    });
    const farm = new Farm(folder, backends, container);
    for (let number = 1; number <= backends; number++) {
      const file = isShared ? `run/${number}.pid` : `run/${number}.sock`;
      await until(`backend ${number} has started`, () => existsSync(join(folder, file)));
    }
    return farm;
  }

  async stop(): Promise<void> {
    await this.container.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  socket(number: number): string {
    return join(this.folder, `run/${number}.sock`);
  }

  /** The socket of all backends. */
  get shared(): string {
    return join(this.folder, 'run/app.sock');
  }

  /** The list for nginx, written by farm.sh. */
  get servers(): string {
    return join(this.folder, 'farm-servers.conf');
  }

  /** Runs a command in the container of the backends. */
  async run(command: string): Promise<string> {
    return this.container.run(['sh', '-ec', command], environment(this.folder));
  }

  /** Kills a backend and its master, as the OOM killer does. */
  async kill(number: number): Promise<void> {
    await this.run(
      `pid=$(cat ${this.folder}/run/${number}.pid); kill -9 $pid $(cat /proc/$pid/task/$pid/children)`,
    );
  }

  /** The first backend that ran a request. */
  backendOf(id: string): string | undefined {
    const lines = readFileSync(join(this.folder, 'runs.log'), 'utf8').split('\n');
    return lines.map((line) => line.split(' ')).find(([each]) => each === id)?.[1];
  }

  /** How often the app ran each request, by id. */
  runs(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const line of readFileSync(join(this.folder, 'runs.log'), 'utf8').split('\n')) {
      const [id = ''] = line.split(' ');
      counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    return counts;
  }
}

function environment(folder: string): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    SERVERS: join(folder, 'farm-servers.conf'),
    VASSALS: join(folder, 'vassals'),
    TEMPLATE: join(folder, 'vassal.ini'),
    SOCKETS: join(folder, 'run'),
    PAUSE: '1',
  };
}
