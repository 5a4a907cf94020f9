/** The compared systems: a folder of peers/ for each, with what it does not have from its base. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

const PEERS = join(import.meta.dirname, 'peers');

/** The base of all. */
const COMMON = 'common';

const Declaration = z.strictObject({
  /** A folder whose files and keys it has as well, but for its own of the same name. */
  base: z.string().default(COMMON),
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

export type Peer = z.output<typeof Declaration> & {
  name: string;
  title: string;
  /** Texts by name, in which @NAME@ is a port: in /srv/app and in /etc/nginx/system. */
  files: Record<string, string>;
};

export const peers: Peer[] = readdirSync(PEERS)
  .filter((name) => name !== COMMON)
  .map(readPeer)
  .sort((a, b) => a.order - b.order || a.name.localeCompare(b.name));

/** Of the processes of a peer, as build/setup/image.sh takes it. */
export function appImage({ app, packages }: Peer): string {
  return [app, ...packages].join('+');
}

/** This project, as opposed to its peers. */
export const isOurs = (name: string): boolean => name.startsWith('offload');

/** @param name of a folder of peers/, or an absolute path */
export function readPeer(name: string): Peer {
  const { keys, files } = readFolder(name);
  const declared = readDeclaration(keys, name);
  return { ...declared, name, files, title: declared.title ?? name };
}

/** @param keys of a peer.yaml */
export function readDeclaration(keys: unknown, name: string): z.output<typeof Declaration> {
  const { data, error } = Declaration.safeParse(keys);
  if (error !== undefined) {
    throw new Error(`${name}: ${z.prettifyError(error)}`);
  }
  return data;
}

/** The keys of its peer.yaml and the texts of its other files, with those of its base. */
function readFolder(name: string): { keys: object; files: Record<string, string> } {
  const path = resolve(PEERS, name);
  const texts = readdirSync(path).map((file) => [file, readFileSync(join(path, file), 'utf8')]);
  const { 'peer.yaml': declaration = '', ...files } = Object.fromEntries(texts);
  const keys = parse(declaration) ?? {};
  if (name === COMMON) {
    return { keys, files };
  }
  const base = readFolder(keys.base ?? COMMON);
  return { keys: { ...base.keys, ...keys }, files: { ...base.files, ...files } };
}
