/**
 * `make bench-table`: tables and plot in all pages again, from the figures that are here;
 * those of `make bench` from RESULTS, if it is given.
 */

import { readFileSync } from 'node:fs';
import { publication as cache } from '../cache/publication';
import { publication as comparison } from '../comparison/publication';
import { publication as deadline } from '../deadline/publication';
import { publication as farm } from '../farm/publication';
import { publication as overhead } from '../overhead/publication';
import { beginCommand } from '../rig/command';
import { PUBLISHED, publish } from '../rig/publish';
import { SettingError } from '../rig/settings';
import { publication as scale } from '../scale/publication';

beginCommand(`make bench-table [RESULTS=FILE]: regenerates the pages from the figures in ${PUBLISHED}

  RESULTS  a latest.json of make bench, which replaces the published one`);

publish(comparison(read(process.env.RESULTS || `${PUBLISHED}/latest.json`)));
publish(scale(read(`${PUBLISHED}/scale.json`)));
publish(overhead(read(`${PUBLISHED}/overhead.json`)));
publish(deadline(read(`${PUBLISHED}/deadline.json`)));
publish(cache(read(`${PUBLISHED}/cache.json`)));
publish(farm(read(`${PUBLISHED}/farm.json`)));

function read(path: string) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new SettingError(`RESULTS=${path}: ${(error as Error).message}`);
  }
}
