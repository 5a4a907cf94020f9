/** Measures one location: instructions of each step, then pairs of samples with and without the includes. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Release } from '../../testkit/nginx';
import { type Running, startNginx } from '../rig/nginx';
import { BUNDLE } from '../rig/set-up';
import { configuration, type Kind } from './configuration';
import { instructions } from './instructions';
import type { Run } from './results';
import { type Sample, sample } from './sample';
import { type Step, steps } from './steps';

export interface Options {
  release: Release;
  kind: Kind;
  pairs: number;
  /** Length of a sample. */
  seconds: number;
}

/** @param folder has the app's socket */
export async function measure(
  { release, kind, pairs, seconds }: Options,
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
  // warm-up: the first sample of a process is slower
  await sampleBoth(nginx, 1);
  for (let pair = 1; pair <= pairs; pair++) {
    const taken = await sampleBoth(nginx, seconds);
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
 * Both run at the same time on one CPU, so that other work on the machine affects them equally; samples
 * taken one after the other differ much more.
 */
async function sampleBoth(
  nginx: Record<'without' | 'with', Running>,
  seconds: number,
): Promise<Record<'without' | 'with', Sample>> {
  const [without, withIt] = await Promise.all([
    sample(nginx.without, seconds),
    sample(nginx.with, seconds),
  ]);
  return { without, with: withIt };
}
