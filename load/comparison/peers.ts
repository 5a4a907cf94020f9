/** The compared systems: a folder of peers/ for each, with an nginx.conf, its app, and perhaps a peer.yaml. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

export const PEERS = join(import.meta.dirname, 'peers');

/** The folders that all have: /srv/app and /etc/nginx/common. */
export const COMMON = ['app', 'nginx'];

const Declaration = z.strictObject({
  /** In tables; default: the name of the folder. */
  title: z.string().optional(),
  /** Tables are in this order, then by name. */
  order: z.number().default(50),
  /** In the README's table as well. */
  readme: z.boolean().default(false),
  /** The images of nginx and of the processes, from build/images, such as nginx:forky. */
  nginx: z.string().default('peers:trixie'),
  app: z.string().default('peers:trixie'),
  /** Debian packages that the image of the processes has besides; their versions are named. */
  packages: z.array(z.string()).default([]),
  /** Commands, each in a container with /srv/app, started in this order before nginx. */
  processes: z.record(z.string(), z.string()).default({ app: 'uwsgi --ini /srv/app/uwsgi.ini' }),
  /** Counts of the app: of uWSGI's metrics calls and jobs, or the address of {"calls": N, "jobs": N}. */
  counts: z.union([z.literal('uwsgi'), z.string().startsWith('http://')]).default('uwsgi'),
});

export type Peer = z.output<typeof Declaration> & { name: string; title: string };

export const peers: Peer[] = readdirSync(PEERS)
  .filter((name) => !COMMON.includes(name))
  .map(readPeer)
  .sort((a, b) => a.order - b.order || a.name.localeCompare(b.name));

/** Of the processes of a peer, as build/setup/image.sh takes it. */
export function appImage({ app, packages }: Peer): string {
  return [app, ...packages].join('+');
}

/** This project, as opposed to its peers. */
export const isOurs = (name: string): boolean => name.startsWith('offload');

/**
 * The folder's texts in a container, by path: @NAME@ is a port.
 *
 * @param folder of peers/, or an absolute path
 */
export function filesIn(folder: string, target: string): Record<string, string> {
  const path = resolve(PEERS, folder);
  const names = readdirSync(path).filter((name) => name !== 'peer.yaml');
  return Object.fromEntries(
    names.map((name) => [join(target, name), readFileSync(join(path, name), 'utf8')]),
  );
}

/** @param name of a folder of peers/, or an absolute path */
export function readPeer(name: string): Peer {
  const file = join(resolve(PEERS, name), 'peer.yaml');
  const declared = readDeclaration(existsSync(file) ? readFileSync(file, 'utf8') : '', file);
  return { ...declared, name, title: declared.title ?? name };
}

/** @param text of a peer.yaml */
export function readDeclaration(text: string, file: string): z.output<typeof Declaration> {
  const { data, error } = Declaration.safeParse(parse(text) ?? {});
  if (error !== undefined) {
    throw new Error(`${file}: ${z.prettifyError(error)}`);
  }
  return data;
}
