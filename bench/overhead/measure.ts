/** Measures one location: instructions of each step, then pairs of samples with and without the includes. */

import { readFileSync } from 'node:fs';
import http from 'node:http';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { call } from '../../testkit/clients/client';
import type { Container } from '../../testkit/machines/container';
import { cpuMicrosOf } from '../../testkit/machines/processes';
import type { Release } from '../../testkit/servers/nginx';
import { onStage, type Running } from '../runner/stage';
import { appConfiguration, configuration, type Kind, type Step, steps } from './steps';

export interface Sample {
  requestsPerSecond: number;
  /** ms */
  p99: number;
  /** CPU time (user and system) of nginx per request, in microseconds. */
  cpu: number;
  /** CPU utilization of nginx's worker process, from 0 to 1. */
  busy: number;
}

export interface Run extends Release {
  kind: Kind;
  /** Instructions per request. */
  steps: { adds: string; isOptional: boolean; instructions: number }[];
  /** The nth samples of `without` and `with` were measured at the same time. */
  without: Sample[];
  with: Sample[];
}

export const WRK_IMAGE = 'wrk:trixie';

/** The CPU of the load generator and of the app; nginx runs on CPU 0. */
const LOAD_CPU = availableParallelism() - 1;
/** Keepalive connections of wrk, each with one request at a time. */
const CONNECTIONS = 16;
/** Requests of two runs under callgrind; their difference excludes nginx's start and exit. */
const FEW = 100;
const MANY = 1100;
/** A busy machine wakes nginx more often for a request, never less: the fewest of so many runs count. */
const RUNS = 3;

/** @param seconds length of a sample */
export function measure(
  release: Release,
  kind: Kind,
  pairs: number,
  seconds: number,
): Promise<Run> {
  const all = steps(release.engine, !release.njs.startsWith('0.7.'));
  const run: Run = { ...release, kind, steps: [], without: [], with: [] };
  const image = `nginx:${release.release}`;
  return onStage(async (stage) => {
    await stage.nginx(appConfiguration, { image, cpu: LOAD_CPU });
    for (const step of all) {
      const count = async (requests: number) => {
        const counts: number[] = [];
        for (let i = 0; i < RUNS; i++) {
          counts.push(await instructions(step, kind, stage.folder, release, requests));
        }
        return Math.min(...counts);
      };
      const each = ((await count(MANY)) - (await count(FEW))) / (MANY - FEW);
      run.steps.push({ adds: step.adds, isOptional: step.isOptional, instructions: each });
      console.log(`${kind}: ${each.toFixed(0)} instructions: ${step.adds}`);
    }
    const start = (step: Step | undefined) =>
      stage.nginx((port) => configuration(step as Step, kind, port), { image, cpu: 0 });
    const without = await start(all[0]);
    const withIt = await start(all.findLast(({ isOptional }) => !isOptional));
    const wrk = await stage.start({
      image: WRK_IMAGE,
      cpu: LOAD_CPU,
      mounts: { '/report.lua:ro': join(import.meta.dirname, 'report.lua') },
      entrypoint: ['sleep', 'infinity'],
    });
    // both at the same time on one CPU, so that other work on the machine affects them equally; samples
    // taken one after the other differ much more
    const sampleBoth = (length: number) =>
      Promise.all([sample(without, wrk, length), sample(withIt, wrk, length)]);
    // warm-up: the first sample of a process is slower
    await sampleBoth(1);
    for (let pair = 1; pair <= pairs; pair++) {
      const [one, other] = await sampleBoth(seconds);
      run.without.push(one);
      run.with.push(other);
      console.log(
        `${kind}, pair ${pair} of ${pairs}: ${one.cpu.toFixed(2)} µs a request without, ${other.cpu.toFixed(2)} µs with`,
      );
    }
    return run;
  });
}

/**
 * Instructions of nginx, counted by callgrind: independent of the machine's load, and precise enough for
 * steps of a few hundred. Kernel code is not counted.
 */
function instructions(
  step: Step,
  kind: Kind,
  folder: string,
  { release }: Release,
  requests: number,
): Promise<number> {
  return onStage(async (stage) => {
    const nginx = await stage.nginx((port) => configuration(step, kind, port), {
      image: `callgrind:${release}`,
      mounts: { '/var/log/offload': folder },
      command: [
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
    await nginx.container.end();
    return readTotal(readFileSync(join(folder, 'callgrind.out'), 'utf8'));
  });
}

/** @param text the content of callgrind's output file */
export function readTotal(text: string): number {
  const total = /^totals: (\d+)$/m.exec(text)?.[1];
  if (total === undefined) {
    throw new Error('no totals in the output of callgrind');
  }
  return Number(total);
}

/** Some seconds of requests at the highest rate that nginx can serve. */
async function sample(nginx: Running, wrk: Container, seconds: number): Promise<Sample> {
  const pids = nginx.container.childPids();
  const before = cpuMicrosOf(pids);
  const output = await wrk.run([
    ...['wrk', '--threads', '1', '--connections', String(CONNECTIONS)],
    ...['--duration', `${seconds}s`, '--script', '/report.lua'],
    `http://127.0.0.1:${nginx.port}/`,
  ]);
  const cpu = cpuMicrosOf(pids) - before;
  const last = output.trim().split('\n').at(-1) ?? '';
  const { requests, micros, p99Micros, errors } = JSON.parse(last);
  if (errors > 0 || requests === 0) {
    throw new Error(`wrk: ${errors} errors in ${requests} requests`);
  }
  return {
    requestsPerSecond: requests / (micros / 1e6),
    p99: p99Micros / 1000,
    cpu: cpu / requests,
    busy: cpu / micros,
  };
}
