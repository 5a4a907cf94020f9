/** Ports on loopback. */

import net from 'node:net';
import getPort, { portNumbers } from 'get-port';

/**
 * Each jest worker process has its own, below those that the kernel gives to clients; runs beside each other, in other
 * clones, mostly have others.
 */
const FIRST =
  10_000 +
  5000 * (Number(process.env.OFFLOAD_RUN ?? 0) % 4) +
  700 * (Number(process.env.JEST_WORKER_ID ?? 0) % 7);
const LAST = FIRST + 699;
let next = FIRST;

/** A port that is not in use; no two of this process are the same. */
export async function freePort(): Promise<number> {
  // a check binds the port for an instant, so one that was returned must not be checked again soon
  const from = next > LAST ? FIRST : next;
  next = from + 1;
  const port = await getPort({ port: portNumbers(from, LAST) });
  next = Math.max(next, port + 1);
  return port;
}

/** Whether the port accepts connections. */
export function answers(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, host);
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
