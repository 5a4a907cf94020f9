/** The compared systems, a folder of peers/ for each. */

import { join } from 'node:path';
import { readSystems, type System } from '../runner/system';

export const peers: System[] = readSystems(join(import.meta.dirname, 'peers'));

/** This project, as opposed to its peers. */
export const isOurs = (name: string): boolean => name.startsWith('offload');

/** @param names in the order wanted */
export function chosen(names: string[], all = peers): System[] {
  return names.flatMap((name) => all.filter((system) => system.name === name));
}
