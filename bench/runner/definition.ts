/** What a benchmark is: `make bench-NAME` runs bench/NAME/benchmark.ts, and `make bench` that of bench/comparison. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Machine } from './machine';
import type { Fields, Values } from './settings';

/** The content of NAME.json, from which all tables are made. */
export interface Results<S, M> {
  /** Time of the start, ISO 8601. */
  taken: string;
  machine: Machine;
  /** Of the software, by name. */
  versions: Record<string, string>;
  settings: S;
  measured: M[];
}

export interface Benchmark<F extends Fields, M> {
  /** The page that explains it, and has its tables between the marks of its target. */
  page: string;
  settings: F;
  /** @returns what is wrong with values that are each valid, as NAME=value: reason */
  check?: (settings: Values<F>) => string | undefined;
  /** From build/images, such as nginx:trixie. */
  images: (settings: Values<F>) => string[];
  /** Software whose versions are named, of machine.ts; default: nginx and njs. */
  software?: string[];
  usesK6?: boolean;
  /** Yields each measurement, a line of the results, when it is made: the next one may fail. */
  measure: (settings: Values<F>) => AsyncIterable<M>;
  /** Markdown. */
  tables: (results: Results<Values<F>, M>) => string;
  /** The same for the README. */
  readme?: (results: Results<Values<F>, M>) => string;
  /** An SVG. */
  picture?: (results: Results<Values<F>, M>) => string;
  /** Whether what was measured is an error. */
  isWrong?: (measured: M) => boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: settings or figures of any benchmark
type Any = any;
export type AnyBenchmark = Benchmark<Any, Any>;
export type AnyResults = Results<Any, Any>;

/** For the types of its settings and figures. */
export const benchmark = <F extends Fields, M>(its: Benchmark<F, M>): Benchmark<F, M> => its;

const BENCH = join(import.meta.dirname, '..');

/** @returns names of folders in bench/ */
export function benchmarkNames(): string[] {
  const paths = readdirSync(BENCH, { recursive: true, encoding: 'utf8' });
  return paths.flatMap((path) => /^(\w+)\/benchmark\.ts$/.exec(path)?.[1] ?? []);
}

export async function loadBenchmark(name: string): Promise<AnyBenchmark> {
  return (await import(join(BENCH, name, 'benchmark.ts'))).default;
}

/** Of the Makefile. */
export const targetOf = (name: string) => (name === 'comparison' ? 'bench' : `bench-${name}`);
