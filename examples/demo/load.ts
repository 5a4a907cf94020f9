/** The demo's load: simultaneous calls on separate connections, and a table of their outcomes. */

import { setTimeout as sleep } from 'node:timers/promises';
import { percentile } from '../../load/client/percentile';
import { call } from '../../testkit/clients/client';

const CALLS = 200;
const WORK_MS = 5000;
const CUT_OFF_MS = 15_000;
const FIRST_PROGRESS_MS = 2000;
const PROGRESS_MS = 5000;

interface Outcome {
  /** ms of each right answer. */
  answered: number[];
  wallMs: number;
  /** Of each job; undefined without jobs. */
  polls?: number;
}

/** @returns the table: with nothing known of the work, once more with what was learned, and blocking */
export async function demonstrate(origin: string): Promise<string> {
  console.log(
    `${CALLS} simultaneous calls, ${WORK_MS / 1000} s of work each, 2 blocking workers;
beside them the same without the offload, on 2 workers of its own: ${CUT_OFF_MS / 1000} s\n`,
  );
  const port = Number(new URL(origin).port);
  const counts = async () => JSON.parse((await call(port, '/counts')).body);
  const offloaded = async (name: string) => {
    const before = await counts();
    const outcome = await run(name, port, '/job', 60_000);
    const { polls, jobs } = await counts();
    return { ...outcome, polls: (polls - before.polls) / (jobs - before.jobs) };
  };
  const blocking = run('blocking', port, '/blocking', CUT_OFF_MS);
  const all: [string, Outcome][] = [
    ['offloaded', await offloaded('offloaded')],
    ['and learned', await offloaded('learned')],
    [`blocking, cut off at ${CUT_OFF_MS / 1000} s`, await blocking],
  ];
  const row = (title: string, of: (outcome: Outcome) => string) => {
    const cells = all.map(([, outcome]) => of(outcome).padEnd(14));
    return `  ${title.padEnd(12)} ${cells.join(' ').trimEnd()}\n`;
  };
  return [
    `  ${' '.repeat(12)} ${all.map(([title]) => title.padEnd(14)).join(' ')}\n`,
    row('answered', ({ answered }) => `${answered.length} of ${CALLS}`),
    row('errors', ({ answered }) => String(CALLS - answered.length)),
    row('wall time', ({ wallMs }) => seconds(wallMs)),
    row('p50', ({ answered }) => seconds(percentile(answered, 0.5))),
    row('p99', ({ answered }) => seconds(percentile(answered, 0.99))),
    row('polls a job', ({ polls }) => polls?.toFixed(1) ?? 'none'),
  ].join('');
}

async function run(name: string, port: number, path: string, cutOffMs: number): Promise<Outcome> {
  const started = Date.now();
  const answered: number[] = [];
  const bodies = new Set<string>();
  const one = async () => {
    const answer = await call(port, `${path}?length=${WORK_MS}`).catch(() => undefined);
    // each has a result of its own
    if (answer?.status === 200 && !bodies.has(answer.body)) {
      bodies.add(answer.body);
      answered.push(Date.now() - started);
    }
  };
  let next = started + FIRST_PROGRESS_MS;
  const progress = setInterval(() => {
    if (Date.now() >= next) {
      console.log(line(name, Date.now() - started, answered));
      next += PROGRESS_MS;
    }
  }, 100);
  await Promise.race([
    Promise.all(Array.from({ length: CALLS }, one)),
    sleep(cutOffMs, undefined, { ref: false }),
  ]);
  const wallMs = Date.now() - started;
  clearInterval(progress);
  console.log(line(name, wallMs, answered));
  return { answered: [...answered], wallMs };
}

function line(name: string, ms: number, answered: number[]): string {
  return `${name.padEnd(10)} ${seconds(ms).padStart(7)}: ${answered.length} of ${CALLS} answered`;
}

function seconds(ms: number): string {
  return ms === undefined ? 'none' : `${(ms / 1000).toFixed(2)} s`;
}
