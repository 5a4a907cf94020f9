/**
 * Instructions of nginx for a request, counted by callgrind: independent of the machine's load, and
 * precise enough for steps of a few hundred. Kernel code is not counted.
 */

import { readFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { call } from '../../testkit/client';
import { startNginx } from '../rig/nginx';
import { configuration, type Kind } from './configuration';
import type { Step } from './steps';

/** Requests of two runs; their difference excludes nginx's start and exit. */
const FEW = 100;
const MANY = 1100;

/** A busy machine wakes nginx more often for a request, never less: the fewest of so many runs count. */
const RUNS = 3;

/** @returns instructions for each request */
export async function instructions(
  step: Step,
  kind: Kind,
  folder: string,
  release: string,
): Promise<number> {
  const fewest = async (requests: number) => {
    const counts: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      counts.push(await count(step, kind, folder, release, requests));
    }
    return Math.min(...counts);
  };
  return ((await fewest(MANY)) - (await fewest(FEW))) / (MANY - FEW);
}

async function count(
  step: Step,
  kind: Kind,
  folder: string,
  release: string,
  requests: number,
): Promise<number> {
  const nginx = await startNginx(folder, (port) => configuration(step, kind, port), {
    image: `callgrind:${release}`,
    arguments: [
      ...['--callgrind-out-file=/var/log/offload/callgrind.out', 'nginx', '-g'],
      'daemon off; master_process off;',
    ],
  });
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  for (let i = 0; i < requests; i++) {
    const { status } = await call(nginx.port, '/', { agent });
    if (status !== 200) {
      throw new Error(`status ${status}: ${step.adds}`);
    }
  }
  agent.destroy();
  await nginx.container.stop();
  nginx.container.remove();
  return readTotal(readFileSync(join(folder, 'callgrind.out'), 'utf8'));
}

/** @param text the content of callgrind's output file */
export function readTotal(text: string): number {
  const total = /^totals: (\d+)$/m.exec(text)?.[1];
  if (total === undefined) {
    throw new Error('no totals in the output of callgrind');
  }
  return Number(total);
}
