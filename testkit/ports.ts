/** Ports on loopback. */

import net from 'node:net';
import getPort from 'get-port';

/** A port that is not in use; no two of this process are the same. */
export function freePort(): Promise<number> {
  return getPort();
}

/** Whether the port accepts connections. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}
