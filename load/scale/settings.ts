/** What `make bench-scale` is asked for. */

import { type Environment, wholeNumber, wholeNumbers } from '../rig/settings';
import { type Engine, readWanted, type Wanted } from '../rig/wanted';

export interface Settings extends Wanted {
  held: number[] | undefined;
  seconds: number[] | undefined;
  /** Clients that arrive in a second. */
  arrivals: number;
  workerProcesses: number;
  /** The one engine of each release; all that it has, where it is undefined. */
  engineOf: Record<string, Engine> | undefined;
}

const ARRIVALS = 2000;
const WORKER_PROCESSES = 2;

/** Each engine on the nginx that users have it in first. */
const ENGINE_OF: Record<string, Engine> = { trixie: 'njs', forky: 'qjs' };

export const help = `make bench-scale [NAME=VALUE]...: what held clients cost nginx, docs/scale.md

  HELD            clients that are held at the same time; several with commas between
  SECONDS         length of the jobs that they wait for; several with commas between
  OFFLOAD_MATRIX  bookworm, trixie, forky; several with commas between
  ENGINE          njs or qjs (both that a release has)
  RATE            clients that arrive in a second (${ARRIVALS})
  WORKERS         worker processes of nginx (${WORKER_PROCESSES})
  OUT             a folder for scale.json and scale.md (dist/bench-scale)

Without HELD and SECONDS, the default plan is held, and without OFFLOAD_MATRIX njs's own engine on
trixie and QuickJS on forky. Only without settings but OUT, the figures go to load/results and
docs/scale.md as well. How long it takes is said first.`;

export function readSettings(env: Environment): Settings {
  const { releases, engine } = readWanted(env, []);
  const isDefault = releases.length === 0;
  return {
    releases: isDefault ? Object.keys(ENGINE_OF) : releases,
    engine,
    engineOf: isDefault ? ENGINE_OF : undefined,
    held: wholeNumbers(env, 'HELD'),
    seconds: wholeNumbers(env, 'SECONDS'),
    arrivals: wholeNumber(env, 'RATE', ARRIVALS),
    workerProcesses: wholeNumber(env, 'WORKERS', WORKER_PROCESSES),
  };
}

/** Whether it is what docs/scale.md shows. */
export function isPublished(settings: Settings): boolean {
  return JSON.stringify(settings) === JSON.stringify(readSettings({}));
}
