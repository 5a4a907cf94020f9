/** Writes the files of a system for its containers, with the ports filled in. */

import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../testkit/ports';

const PEERS = 'load/comparison/peers';

/** Names of the ports, written as `@NGINX@` in the files. */
export const PORTS = ['NGINX', 'APP', 'STATS', 'POLLER', 'PUBLISHER'] as const;
export type Ports = Record<(typeof PORTS)[number], number>;

/** Chosen at the same time, so that no port is chosen twice. */
export async function freePorts(): Promise<Ports> {
  const ports = await Promise.all(PORTS.map(async (name) => [name, await freePort()]));
  return Object.fromEntries(ports);
}

/** Writes `app` (for /srv/app), and `common` and `system` (for /etc/nginx) into `folder`. */
export function writeFiles(folder: string, system: string, ports: Ports): void {
  fillFolder(join(PEERS, 'app'), join(folder, 'app'), ports);
  fillFolder(join(PEERS, system), join(folder, 'app'), ports);
  fillFolder(join(PEERS, 'nginx'), join(folder, 'common'), ports);
  fillFolder(join(PEERS, system), join(folder, 'system'), ports);
}

export function fillIn(text: string, ports: Ports): string {
  return PORTS.reduce((filled, name) => filled.replaceAll(`@${name}@`, String(ports[name])), text);
}

function fillFolder(from: string, to: string, ports: Ports): void {
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755); // independent of the umask, so that nginx's worker processes can read it
  for (const name of readdirSync(from)) {
    writeFileSync(join(to, name), fillIn(readFileSync(join(from, name), 'utf8'), ports));
    chmodSync(join(to, name), 0o644);
  }
}
