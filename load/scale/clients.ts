/**
 * A crowd of clients, in a process of its own so that nobody waits for anybody: each asks for a
 * job once and waits for its answer. Told what to do by its first message, tells each second
 * how far it is, and at the end how it was.
 *
 * Not k6: docs/scale.md says why.
 */

import http from 'node:http';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { percentile } from '../client/percentile.js';

export interface Order {
  port: number;
  /** Addresses of 127.0.0.0/8 that the clients come from. */
  addresses: number;
  held: number;
  seconds: number;
  /** Clients that arrive in a second. */
  arrivals: number;
}

export interface Progress {
  asked: number;
  answered: number;
  /** What is no answer of the job's own, by kind. */
  wrong: Record<string, number>;
}

export interface Outcome extends Progress {
  /** Most clients that were held at the same time. */
  held: number;
  /** Of all clients together, seconds from the call to the answer. */
  heldSeconds: number;
  /** Beyond the length of the job, ms. */
  late: { p50: number; p95: number; max: number };
  /** What this process cost, and how late it was itself (ms, p99): figures above are no better. */
  cpuSeconds: number;
  delayP99: number;
}

export type Message = { progress: Progress } | { outcome: Outcome };

/** Beyond the job's length; a client that waits longer gives up. */
const PATIENCE_MS = 90_000;
const TICK_MS = 10;

process.once('message', async (order: Order) => {
  process.send?.({ outcome: await crowd(order) } satisfies Message, () => process.exit(0));
});
// whoever started it is gone
process.once('disconnect', () => process.exit(1));

async function crowd(order: Order): Promise<Outcome> {
  const progress: Progress = { asked: 0, answered: 0, wrong: {} };
  const latencies: number[] = [];
  let held = 0;
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const timer = setInterval(() => process.send?.({ progress } satisfies Message), 1000);

  const client = async (number: number) => {
    progress.asked++;
    held = Math.max(held, progress.asked - progress.answered);
    const { wrong, ms } = await ask(order, number);
    progress.answered++;
    latencies.push(ms);
    if (wrong !== undefined) {
      progress.wrong[wrong] = (progress.wrong[wrong] ?? 0) + 1;
    }
  };
  await arrivals(order, client);

  clearInterval(timer);
  const late = latencies.map((ms) => ms - order.seconds * 1000);
  const { user, system } = process.cpuUsage();
  return {
    ...progress,
    held,
    heldSeconds: latencies.reduce((sum, ms) => sum + ms, 0) / 1000,
    late: { p50: percentile(late, 0.5), p95: percentile(late, 0.95), max: percentile(late, 1) },
    cpuSeconds: (user + system) / 1e6,
    delayP99: delay.percentile(99) / 1e6,
  };
}

/** Spread evenly over their time, whatever becomes of those before. */
function arrivals(order: Order, client: (number: number) => Promise<void>): Promise<unknown> {
  const clients: Promise<void>[] = [];
  const started = performance.now();
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      const due = ((performance.now() - started) / 1000) * order.arrivals;
      while (clients.length < Math.min(due, order.held)) {
        clients.push(client(clients.length));
      }
      if (clients.length === order.held) {
        clearInterval(timer);
        resolve(Promise.all(clients));
      }
    }, TICK_MS);
  });
}

/** @returns what is wrong with the answer, and ms until it was there */
function ask(order: Order, number: number): Promise<{ wrong: string | undefined; ms: number }> {
  const token = `${process.pid}-${number}`;
  const started = performance.now();
  return new Promise((resolve) => {
    const end = (wrong?: string) => resolve({ wrong, ms: performance.now() - started });
    const request = http.get(
      {
        host: '127.0.0.1',
        port: order.port,
        path: `/work?job=${token}&length=${order.seconds * 1000}`,
        ...(order.addresses === 1 ? {} : { localAddress: addressOf(number, order) }),
        agent: false,
        timeout: order.seconds * 1000 + PATIENCE_MS,
      },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (piece: string) => {
          body += piece;
        });
        response.on('aborted', () => end('broke off'));
        response.on('end', () => {
          if (response.statusCode !== 200) {
            end(`status ${response.statusCode}`);
          } else {
            end(body === `result of ${token}\n` ? undefined : 'body of another');
          }
        });
      },
    );
    request.on('timeout', () => request.destroy(new Error('no answer')));
    request.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}

/** Only where one is not enough: the kernel looks long for a port of an address that is named. */
function addressOf(number: number, { addresses }: Order): string {
  return `127.0.0.${1 + (number % addresses)}`;
}
