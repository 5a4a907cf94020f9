/** A system's files with its ports filled in, laid out as its containers mount them. */

import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from './set-up';

const PEERS = join(ROOT, 'load/peers');

/** Names of ports as they stand in the files: `@NGINX@`. */
export const PORTS = ['NGINX', 'APP', 'STATS', 'POLLER', 'PUBLISHER'] as const;
export type Ports = Record<(typeof PORTS)[number], number>;

/** @returns a folder that has `app`, for /srv/app, and `common` and `system`, for /etc/nginx */
export function layOut(system: string, ports: Ports): string {
  const folder = mkdtempSync(join(tmpdir(), 'offload-bench-'));
  chmodSync(folder, 0o755);
  fillFolder(join(PEERS, 'app'), join(folder, 'app'), ports);
  fillFolder(join(PEERS, system), join(folder, 'app'), ports);
  fillFolder(join(PEERS, 'nginx'), join(folder, 'common'), ports);
  fillFolder(join(PEERS, system), join(folder, 'system'), ports);
  return folder;
}

export function fillIn(text: string, ports: Ports): string {
  return PORTS.reduce((filled, name) => filled.replaceAll(`@${name}@`, String(ports[name])), text);
}

function fillFolder(from: string, to: string, ports: Ports): void {
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755); // nginx's worker processes read what they are told to, whatever the umask
  for (const name of readdirSync(from)) {
    writeFileSync(join(to, name), fillIn(readFileSync(join(from, name), 'utf8'), ports));
    chmodSync(join(to, name), 0o644);
  }
}
