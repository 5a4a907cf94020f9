/** Settings of `make bench`, such as `make bench SYSTEMS="lua offload" JOB=2s`. */

import {
  chosen,
  duration,
  durations,
  type Environment,
  SettingError,
  wholeNumber,
} from '../rig/settings';
import { type System, systems } from './systems';

export interface Settings {
  systems: System[];
  connections: number;
  requests: number;
  jobMs: number;
  /** The largest deviations of the lengths from jobMs; one run of all systems for each. */
  spreadsMs: number[];
  /** The time limit of one system in one run. */
  limitMs: number;
  /** Jobs of each system before those that are measured. */
  earlier: number;
}

/** The published load, also with varying lengths: a constant one favours intervals that divide it. */
export const DEFAULTS: Settings = {
  systems,
  connections: 200,
  requests: 2000,
  jobMs: 10_000,
  spreadsMs: [0, 2000],
  limitMs: 240_000,
  earlier: 100,
};

const names = systems.map(({ name }) => name);

export const help = `make bench [NAME=VALUE]...: compares this project with other systems, docs/benchmark.md

  SYSTEMS      a selection of: ${names.join(' ')}
  CONNECTIONS  simultaneous clients (${DEFAULTS.connections})
  REQUESTS     of all clients together (${DEFAULTS.requests})
  JOB          length of the work of a request (${seconds(DEFAULTS.jobMs)})
  SPREAD       deviation from this length, a list; one run of all systems for each (${DEFAULTS.spreadsMs.map(seconds)})
  LIMIT        time limit of one system in one run (${seconds(DEFAULTS.limitMs)})
  EARLIER      jobs before those that are measured, of each system; 0: a cold start (${DEFAULTS.earlier})
  OUT          the folder for latest.json, table.md and table.svg (dist/bench)

Only without settings but OUT, the figures go to load/results, the README and docs/benchmark.md as well.`;

export function readSettings(env: Environment): Settings {
  const settings = {
    systems:
      chosen(env, 'SYSTEMS', names)?.flatMap((name) =>
        systems.filter((one) => one.name === name),
      ) ?? DEFAULTS.systems,
    connections: wholeNumber(env, 'CONNECTIONS', DEFAULTS.connections),
    requests: wholeNumber(env, 'REQUESTS', DEFAULTS.requests),
    jobMs: duration(env, 'JOB', DEFAULTS.jobMs),
    spreadsMs: durations(env, 'SPREAD', DEFAULTS.spreadsMs),
    limitMs: duration(env, 'LIMIT', DEFAULTS.limitMs),
    earlier: env.EARLIER === '0' ? 0 : wholeNumber(env, 'EARLIER', DEFAULTS.earlier),
  };
  if (settings.requests < settings.connections) {
    throw new SettingError(`REQUESTS=${settings.requests}: fewer than CONNECTIONS`);
  }
  const { jobMs, spreadsMs, limitMs } = settings;
  if (jobMs < Math.max(1, ...spreadsMs)) {
    throw new SettingError(`JOB=${jobMs} ms: less than 1 ms, or than SPREAD`);
  }
  if (limitMs < 1) {
    throw new SettingError(`LIMIT=${limitMs} ms: less than 1 ms`);
  }
  return settings;
}

/** Whether it is what is published: the published load, on all systems. */
export function isPublished(settings: Settings): boolean {
  return JSON.stringify(settings) === JSON.stringify(DEFAULTS);
}

function seconds(ms: number): string {
  return `${ms / 1000}s`;
}
