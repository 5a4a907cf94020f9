/** Redis or Valkey in a container, and a connection to it. */

import { Redis as Client } from 'ioredis';
import { until } from '../clients/until';
import { Container } from '../machines/container';
import { answers, freePort } from '../machines/ports';

export interface RedisOptions {
  program?: 'redis' | 'valkey';
  /** More of its command line. */
  options?: string[];
  /** Texts of files, by path. */
  files?: Record<string, string>;
  /** Whether its data is kept when it is killed. */
  keepsData?: boolean;
  /** Where it listens, of 127.0.0.0/8 alone; default: everywhere, on a free port. */
  host?: string;
  port?: number;
  /** How the test connects, such as with a password. */
  client?: { db?: number; password?: string; tls?: { rejectUnauthorized: boolean } };
}

export class Redis {
  private constructor(
    readonly port: number,
    private readonly its: RedisOptions,
    private container: Container,
    private client: Client,
  ) {}

  static async start(its: RedisOptions = {}): Promise<Redis> {
    const port = its.port ?? (await freePort());
    return new Redis(port, its, await run(port, its), connect(port, its));
  }

  /** @returns its reply; strings in it as text */
  command(...words: (string | Buffer)[]): Promise<unknown> {
    const [name = '', ...more] = words;
    return this.client.call(String(name), ...more);
  }

  /** A value of INFO. */
  async info(name: string): Promise<string> {
    const text = String(await this.command('INFO'));
    const [, value = ''] = new RegExp(`^${name}:(.*)$`, 'm').exec(text) ?? [];
    return value.trim();
  }

  /** Clients that wait for a result. */
  async waiting(): Promise<number> {
    return Number(await this.info('pubsub_clients')) + Number(await this.info('blocked_clients'));
  }

  /** Kills it; all that it has is lost, unless it keeps its data. */
  async kill(): Promise<void> {
    this.client.disconnect();
    if (this.its.keepsData) {
      await this.container.signal('KILL');
      await this.container.ended();
    } else {
      await this.container.stop();
    }
  }

  /** Starts it anew on the same port. */
  async startAgain(): Promise<void> {
    if (this.its.keepsData) {
      await this.container.startAgain();
      await until('Redis listens', () => answers(this.port, this.its.host));
    } else {
      this.container = await run(this.port, this.its);
    }
    this.client = connect(this.port, this.its);
  }

  async stop(): Promise<void> {
    this.client.disconnect();
    await this.container.stop();
  }
}

async function run(port: number, its: RedisOptions): Promise<Container> {
  const container = await Container.start({
    image: 'offload-redis:trixie',
    files: its.files ?? {},
    openFiles: 16384,
    command: [
      ...[`${its.program ?? 'redis'}-server`, '--save', '', '--tcp-backlog', '4096'],
      // with TLS on that port alone
      ...(its.client?.tls === undefined
        ? ['--port', String(port)]
        : ['--port', '0', '--tls-port', String(port)]),
      ...(its.host === undefined ? [] : ['--bind', its.host]),
      ...(its.keepsData ? ['--appendonly', 'yes'] : []),
      ...(its.options ?? []),
    ],
  });
  await until('Redis listens', () => answers(port, its.host));
  return container;
}

function connect(port: number, its: RedisOptions): Client {
  const client = new Client(port, its.host ?? '127.0.0.1', its.client ?? {});
  // it connects again by itself; a test that needs it waits for its commands
  client.on('error', () => {});
  return client;
}

/** A task's state as Celery stores it. @param result JSON */
export function celeryMeta(id: string, status: string, result: string): string {
  return `{"status": "${status}", "result": ${result}, "traceback": null, "children": [], "date_done": "2026-01-31T12:00:00+00:00", "task_id": "${id}"}`;
}

/** Stores and publishes a task's state as Celery does. */
export async function storeCelery(
  redis: Redis,
  id: string,
  status: string,
  result: string,
): Promise<void> {
  const key = `celery-task-meta-${id}`;
  const value = celeryMeta(id, status, result);
  await redis.command('SETEX', key, '600', value);
  await redis.command('PUBLISH', key, value);
}
