/** A system that a benchmark starts: a folder, with what it does not have from its base. */

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** The base of all. */
const COMMON = join(import.meta.dirname, 'common');

const Declaration = z.strictObject({
  /** A folder, from the one that this one is in, whose files and keys it has as well, but for its own. */
  base: z.string().optional(),
  /** In tables; default: the name of the folder. */
  title: z.string().optional(),
  /** Tables are in this order, then by name. */
  order: z.number().default(50),
  /** In the README's table as well; not of the base. */
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

export type System = z.output<typeof Declaration> & {
  name: string;
  title: string;
  /** Texts by name, in which @NAME@ is a port: in /srv/app and in /etc/nginx/system. */
  files: Record<string, string>;
};

/** @param folder its path */
export function readSystem(folder: string): System {
  const { keys, files } = readFolder(folder);
  const name = basename(folder);
  const declared = readDeclaration(keys, name);
  return { ...declared, name, files, title: declared.title ?? name };
}

/** Those of the folders in another one. */
export function readSystems(folder: string): System[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => readSystem(join(folder, name)))
    .sort((a, b) => a.order - b.order || a.name.localeCompare(b.name));
}

/** Those that `make bench` compares. */
export const compared = readSystems(join(import.meta.dirname, '../systems'));

/** @param names in the order wanted */
export function systemsNamed(names: string[], all = compared): System[] {
  return names.flatMap((name) => all.filter((system) => system.name === name));
}

/** This project, as opposed to its peers. */
export const isOurs = (name: string): boolean => name.startsWith('offload');

/** @param keys of a system.yaml */
export function readDeclaration(keys: unknown, name: string): z.output<typeof Declaration> {
  const { data, error } = Declaration.safeParse(keys);
  if (error !== undefined) {
    throw new Error(`${name}: ${z.prettifyError(error)}`);
  }
  return data;
}

/** Of nginx and of the processes, as build/setup/image.sh takes them. */
export const imagesOf = (systems: System[]): string[] =>
  systems.flatMap((system) => [appImage(system), system.nginx]);

export const appImage = ({ app, packages }: System): string => [app, ...packages].join('+');

/** The keys of its system.yaml and the texts of its other files, with those of its base. */
function readFolder(folder: string): { keys: object; files: Record<string, string> } {
  const texts = readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]);
  const { 'system.yaml': declaration = '', ...files } = Object.fromEntries(texts);
  const keys = parse(declaration) ?? {};
  if (folder === COMMON) {
    return { keys, files };
  }
  const base = readFolder(keys.base === undefined ? COMMON : join(folder, '..', keys.base));
  return { keys: { ...base.keys, readme: false, ...keys }, files: { ...base.files, ...files } };
}
