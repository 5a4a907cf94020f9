/** What load/results/cache.json holds. */

import type { Release } from '../../test/harness/nginx';
import type { Machine } from '../rig/machine';
import type { Way } from './configuration';

/** ms */
export interface Times {
  mean: number;
  p50: number;
  p95: number;
  requests: number;
}

/** What load/cache/visitors.js writes to $SUMMARY. */
export interface Visited {
  all: Times;
  anonymous: Times;
  loggedIn: Times;
  /** Answers that were not the visitor's own page. */
  wrong: number;
  fromCache: number;
  /** That k6 had no client for. */
  dropped: number;
}

export interface Crowd {
  right: number;
  /** Jobs that the app started for them. */
  jobs: number;
  /** s, until the last one had his answer */
  seconds: number;
}

export interface Outcome {
  way: Way;
  visited: Visited;
  /** Pages that the app made for them. */
  calls: number;
  crowd: Crowd;
}

export interface Results {
  /** When it was begun, ISO 8601. */
  taken: string;
  machine: Machine;
  nginx: Release;
  /** A second. */
  rate: number;
  seconds: number;
  pages: number;
  /** % */
  loggedIn: number;
  /** ms, of a page */
  lengthMs: number;
  ttlMs: number;
  /** Who ask for the slow report at once. */
  visitors: number;
  /** ms, of the report */
  reportMs: number;
  outcomes: Outcome[];
}
