/** What a benchmark is: `make bench-NAME` runs load/NAME/benchmark.ts. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine';
import type { Fields, Values } from './settings';

/** The content of bench/results/FILE.json, from which all pages are made. */
export interface Results<S, M> {
  /** Time of the start, ISO 8601. */
  taken: string;
  machine: Machine;
  /** Of the software, by name. */
  versions: Record<string, string>;
  settings: S;
  measured: M;
}

/** A marked place in a page, such as `make bench` in README.md, and the text in it. */
export interface Place {
  page: string;
  mark: string;
  text: string;
}

export interface Benchmark<F extends Fields, M> {
  /** Of the Makefile. */
  target: string;
  /** What it measures, for its help. */
  about: string;
  /** The page that explains it. */
  page: string;
  settings: F;
  /** @returns what is wrong with values that are each valid, as NAME=value: reason */
  check?: (settings: Values<F>) => string | undefined;
  /** From build/images, such as nginx:trixie. */
  images: (settings: Values<F>) => string[];
  /** Software whose versions are named, of machine.ts; default: nginx and njs. */
  software?: string[];
  usesK6?: boolean;
  /** Yields what is measured so far, in case that the next part fails; the last is all. */
  measure: (settings: Values<F>) => AsyncIterable<M>;
  /** In bench/results, without `.json`. */
  file: string;
  /** The same of the tables, without `.md`; default: `file`. */
  tablesFile?: string;
  /** Markdown. */
  tables: (results: Results<Values<F>, M>) => string;
  /** The title of that. */
  heading: string;
  /** Default: the tables, at the mark `make TARGET` in `page`. */
  places?: (results: Results<Values<F>, M>) => Place[];
  /** Other files of bench/results. */
  pictures?: (results: Results<Values<F>, M>) => Promise<Record<string, string>>;
  /** Whether what was measured is an error. */
  isWrong?: (measured: M) => boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: of any settings and figures
export type AnyBenchmark = Benchmark<any, any>;

/** For the types of its settings and figures. */
export function benchmark<F extends Fields, M>(its: Benchmark<F, M>): Benchmark<F, M> {
  return its;
}

const LOAD = join(import.meta.dirname, '..');

/** @returns names of folders in load/ */
export function benchmarkNames(): string[] {
  return readdirSync(LOAD, { recursive: true, encoding: 'utf8' }).flatMap(
    (path) => /^(\w+)\/benchmark\.ts$/.exec(path)?.[1] ?? [],
  );
}

export async function loadBenchmark(name: string): Promise<AnyBenchmark> {
  return (await import(join(LOAD, name, 'benchmark.ts'))).default;
}
