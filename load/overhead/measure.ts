/** One location of one nginx: instructions of each step, then pairs of turns, with the includes and without. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Release } from '../../test/harness/nginx';
import { type Running, startNginx } from '../rig/nginx';
import { BUNDLE } from '../rig/set-up';
import { configuration, type Kind } from './configuration';
import { instructions } from './instructions';
import type { Run } from './results';
import { type Step, steps } from './steps';
import { type Turn, turn } from './turn';

export interface Order {
  release: Release;
  kind: Kind;
  pairs: number;
  /** Of a turn. */
  seconds: number;
}

/** @param folder where the app's socket is */
export async function measure(
  { release, kind, pairs, seconds }: Order,
  folder: string,
): Promise<Run> {
  const snippet = (name: string) => readFileSync(join(BUNDLE, `${name}.conf`), 'utf8');
  const all = steps({ http: snippet('http'), proxy: snippet('proxy') }, release.engine);
  const run: Run = { ...release, kind, steps: [], without: [], with: [] };
  for (const step of all) {
    const count = await instructions(step, kind, folder, release.release);
    run.steps.push({ adds: step.adds, isOptional: step.isOptional, instructions: count });
    console.log(`${kind}: ${count.toFixed(0)} instructions: ${step.adds}`);
  }

  const start = (step: Step | undefined) =>
    startNginx(folder, (port) => configuration(step as Step, kind, port), {
      image: `nginx:${release.release}`,
      cpu: 0,
    });
  const nginx: Record<'without' | 'with', Running> = {
    without: await start(all[0]),
    with: await start(all.findLast(({ isOptional }) => !isOptional)),
  };
  // the first turn of a process is slower than those that follow
  await bothAtOnce(nginx, 1);
  for (let pair = 1; pair <= pairs; pair++) {
    const taken = await bothAtOnce(nginx, seconds);
    run.without.push(taken.without);
    run.with.push(taken.with);
    console.log(
      `${kind}, pair ${pair} of ${pairs}: ${taken.without.cpu.toFixed(2)} µs a request without, ${taken.with.cpu.toFixed(2)} µs with`,
    );
  }
  nginx.without.container.remove();
  nginx.with.container.remove();
  return run;
}

/**
 * They share one CPU, a few milliseconds each: whatever makes the machine slower meets both alike,
 * which turns one behind the other do not reach by far.
 */
async function bothAtOnce(
  nginx: Record<'without' | 'with', Running>,
  seconds: number,
): Promise<Record<'without' | 'with', Turn>> {
  const [without, withIt] = await Promise.all([
    turn(nginx.without, seconds),
    turn(nginx.with, seconds),
  ]);
  return { without, with: withIt };
}
