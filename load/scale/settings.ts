/** Settings of `make bench-scale`. */

import { type Engine, type NginxSelection, readNginxSelection } from '../rig/nginx-selection';
import { type Environment, wholeNumber, wholeNumbers } from '../rig/settings';

export interface Settings extends NginxSelection {
  held: number[] | undefined;
  seconds: number[] | undefined;
  /** New clients per second. */
  arrivals: number;
  workerProcesses: number;
  /** One engine for each release; undefined: each engine that a release has. */
  engineOf: Record<string, Engine> | undefined;
}

const ARRIVALS = 2000;
const WORKER_PROCESSES = 2;

/** The default engine of each release: njs on Debian stable, QuickJS on testing. */
const ENGINE_OF: Record<string, Engine> = { trixie: 'njs', forky: 'qjs' };

export const help = `make bench-scale [NAME=VALUE]...: memory and CPU of nginx for held clients, docs/scale.md

  HELD            clients held at the same time, a comma-separated list
  SECONDS         length of their jobs, a comma-separated list
  OFFLOAD_MATRIX  bookworm, trixie, forky, a comma-separated list
  ENGINE          njs or qjs (each that a release has)
  RATE            new clients per second (${ARRIVALS})
  WORKERS         worker processes of nginx (${WORKER_PROCESSES})
  OUT             the folder for scale.json and scale.md (dist/bench-scale)

Without HELD and SECONDS, the default plan is held, and without OFFLOAD_MATRIX njs's own engine on
trixie and QuickJS on forky. Only without settings but OUT, the figures go to load/results and
docs/scale.md as well. How long it takes is said first.`;

export function readSettings(env: Environment): Settings {
  const { releases, engine } = readNginxSelection(env, []);
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
