/**
 * The clients, in a child process so that they are not delayed by the measurement: each makes one
 * call. The parent's first message is the order; messages to the parent: progress each second, and
 * the outcome at the end.
 *
 * Not k6; see docs/scale.md.
 */

import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { percentile } from '../client/percentile.js';
import { slowCall } from '../runner/slow-call';

export interface Order {
  port: number;
  /** Number of client addresses, in 127.0.0.0/8. */
  addresses: number;
  held: number;
  seconds: number;
  /** New clients per second. */
  arrivals: number;
}

export interface Progress {
  asked: number;
  answered: number;
  /** Wrong responses, by kind. */
  wrong: Record<string, number>;
}

export interface Outcome extends Progress {
  /** The largest number of clients held at the same time. */
  held: number;
  /** Sum of all clients' seconds from the call to the response. */
  heldSeconds: number;
  /** Latency beyond the length of the job, ms. */
  late: { p50: number; p95: number; max: number };
  /** CPU time and event loop delay (p99, ms) of this process, which limit the precision of the above. */
  cpuSeconds: number;
  delayP99: number;
}

export type Message = { progress: Progress } | { outcome: Outcome };

/** A client's timeout beyond the job's length. */
const TIMEOUT_MARGIN_MS = 90_000;
const TICK_MS = 10;

process.once('message', async (order: Order) => {
  process.send?.({ outcome: await runClients(order) } satisfies Message, () => process.exit(0));
});
// the parent process has ended
process.once('disconnect', () => process.exit(1));

async function runClients(order: Order): Promise<Outcome> {
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

/** Starts clients at a constant rate, independent of earlier responses. */
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

/** @returns what is wrong with the response, if anything, and its latency */
async function ask(
  order: Order,
  number: number,
): Promise<{ wrong: string | undefined; ms: number }> {
  const ms = order.seconds * 1000;
  const started = performance.now();
  const wrong = await slowCall(order.port, `${process.pid}-${number}`, ms, {
    ...(order.addresses === 1 ? {} : { localAddress: addressOf(number, order) }),
    timeout: ms + TIMEOUT_MARGIN_MS,
  });
  return { wrong, ms: performance.now() - started };
}

/** Used only if one address is not enough: binding to an address makes the search for a port slow. */
function addressOf(number: number, { addresses }: Order): string {
  return `127.0.0.${1 + (number % addresses)}`;
}
