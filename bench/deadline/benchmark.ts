/** `make bench-deadline`: slow requests among fast ones, and which side ends them. */

import net from 'node:net';
import { text } from 'node:stream/consumers';
import { mean } from 'simple-statistics';
import { benchmark } from '../runner/definition';
import { ms, percent } from '../runner/figures';
import { runOpen } from '../runner/k6';
import { describe } from '../runner/machine';
import { table } from '../runner/publish';
import { serve } from '../runner/serve';
import { count, type Values } from '../runner/settings';
import { onStage } from '../runner/stage';
import { imagesOf, readSystems, type System } from '../runner/system';

const WORKERS = 4;
const FAST_WORK_MS = 20;
/** How often a user requests a report. */
const ATTEMPTS = 3;
const USER_INTERVAL_S = 2;
const SAMPLE_MS = 250;

/**
 * The published case scaled down: reports take almost seven times as long as nginx's timeout, which was
 * 60 s there.
 */
const settings = {
  SECONDS: count('36', 'duration of the load, for each of three configurations'),
  USERS: count('6', `who request a slow report and retry it; a new one every ${USER_INTERVAL_S} s`),
  REPORT: count('20', 'seconds of work in a report'),
  RATE: count('40', 'fast requests per second'),
};
type Settings = Values<typeof settings>;

const systems = readSystems(import.meta.dirname);

export interface Run {
  way: string;
  /** ms, of right responses; null if there are none. */
  fast: { asked: number; right: number; p50: number | null; p99: number | null };
  reports: { asked: number; right: number };
  /** Busy workers, on average. */
  busy: number;
}

export default benchmark({
  target: 'bench-deadline',
  about: 'fast requests beside slow ones',
  page: 'docs/deadline.md',
  heading: 'Fast requests beside slow ones',
  file: 'deadline',
  settings,
  images: () => imagesOf(systems),
  software: ['nginx', 'uWSGI'],
  usesK6: true,
  async *measure(its) {
    const runs: Run[] = [];
    for (const system of systems) {
      console.log(`${system.title}: ${its.SECONDS} s`);
      runs.push(await measureSystem(system, its));
      yield runs;
    }
  },
  tables: (results) => {
    const { SECONDS, USERS, REPORT, RATE } = results.settings;
    return `${table(
      ['', 'fast right', 'share', 'p50', 'p99', 'busy workers', 'report requests', 'reports'],
      results.measured.map(({ way, fast, reports, busy }) => [
        way,
        `${fast.right} of ${fast.asked}`,
        percent(fast.right / fast.asked, 1),
        ms(fast.p50),
        ms(fast.p99),
        `${busy.toFixed(1)} of ${WORKERS}`,
        String(reports.asked),
        `${reports.right} of ${USERS}`,
      ]),
    )}
${SECONDS} s with ${RATE} fast requests per second (${FAST_WORK_MS} ms of work) and ${USERS} users, a new one every ${USER_INTERVAL_S} s, who request a report of ${REPORT} s up to ${ATTEMPTS} times. ${describe(results)}.
`;
  },
});

function measureSystem(system: System, its: Settings): Promise<Run> {
  return onStage(async (stage) => {
    const { port, ports } = await serve(system, stage);
    const busy: number[] = [];
    const sampling = setInterval(
      async () => busy.push(...(await busyWorkers(ports.STATS as number))),
      SAMPLE_MS,
    );
    const figures = await runOpen('bench/deadline/users.js', {
      ...its,
      url: `http://127.0.0.1:${port}`,
      ...{ fastMs: FAST_WORK_MS, userInterval: USER_INTERVAL_S, attempts: ATTEMPTS },
    }).finally(() => clearInterval(sampling));
    const { requests: right, p50, p99 } = figures.times('took');
    return {
      way: system.title,
      fast: { asked: figures.count('fast_asked'), right, p50, p99 },
      reports: { asked: figures.count('reports_asked'), right: figures.count('reports_right') },
      busy: mean(busy),
    };
  });
}

/** @returns their number, by uWSGI's stats server; nothing if it was cut short */
async function busyWorkers(port: number): Promise<number[]> {
  try {
    const stats = JSON.parse(await text(net.connect(port, '127.0.0.1')));
    const busy = (stats.workers as { status: string }[]).filter(({ status }) =>
      status.startsWith('busy'),
    );
    return [busy.length];
  } catch {
    return [];
  }
}
