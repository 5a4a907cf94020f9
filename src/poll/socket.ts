/** The waiter's socket: nginx removes it in a quit, before its last client is answered. */

import fs from 'fs';

/** @param address as nginx writes it: `unix:/run/nginx-offload/waiter.sock` */
export function isListening(address: string): boolean {
  try {
    fs.accessSync(address.slice('unix:'.length));
    return true;
  } catch {
    return false;
  }
}
