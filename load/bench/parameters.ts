/** What a run is asked for, as environment variables: `make bench SYSTEMS="lua offload" JOB=2s`. */

import { readDuration } from '../../src/decide/duration';
import { type System, systems } from './systems';

export interface Parameters {
  systems: System[];
  connections: number;
  requests: number;
  jobMs: number;
  /** One run of all systems for each: to how many ms around jobMs the lengths are spread. */
  spreadsMs: number[];
  /** Of one system in one run: what has no answer by then gets none. */
  limitMs: number;
}

/** The published load. Twice, as a constant length flatters an interval that divides it. */
export const DEFAULTS = {
  CONNECTIONS: '200',
  REQUESTS: '2000',
  JOB: '10s',
  SPREAD: '0s,2s',
  LIMIT: '660s',
};

export function readParameters(env: Record<string, string | undefined>): Parameters {
  const text = (name: keyof typeof DEFAULTS) => env[name] || DEFAULTS[name];
  const parameters = {
    systems: env.SYSTEMS
      ? env.SYSTEMS.trim()
          .split(/[\s,]+/)
          .map(systemOf)
      : systems,
    connections: count('CONNECTIONS', text('CONNECTIONS')),
    requests: count('REQUESTS', text('REQUESTS')),
    jobMs: duration('JOB', text('JOB')),
    spreadsMs: text('SPREAD')
      .split(',')
      .map((spread) => duration('SPREAD', spread)),
    limitMs: duration('LIMIT', text('LIMIT')),
  };
  if (parameters.requests < parameters.connections) {
    throw new Error(`REQUESTS=${parameters.requests}: fewer than CONNECTIONS`);
  }
  const { jobMs, spreadsMs, limitMs } = parameters;
  if (jobMs < Math.max(1, ...spreadsMs)) {
    throw new Error(`JOB=${jobMs} ms: less than 1 ms, or than SPREAD`);
  }
  if (limitMs < 1) {
    throw new Error(`LIMIT=${limitMs} ms: less than 1 ms`);
  }
  return parameters;
}

/** Whether it is what the README shows: the published load, on all systems. */
export function isPublished(parameters: Parameters): boolean {
  return JSON.stringify(parameters) === JSON.stringify(readParameters({}));
}

function systemOf(name: string): System {
  const system = systems.find((one) => one.name === name);
  if (system === undefined) {
    const names = systems.map((one) => one.name).join(' ');
    throw new Error(`SYSTEMS: there is no "${name}"; there are: ${names}`);
  }
  return system;
}

function count(name: string, text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) {
    throw new Error(`${name}=${text}: not a whole number from 1 on`);
  }
  return Number(text);
}

function duration(name: string, text: string): number {
  const ms = readDuration(text);
  if (ms === undefined) {
    throw new Error(`${name}=${text}: not a duration, such as 250ms, 10s or 2m`);
  }
  return ms;
}
