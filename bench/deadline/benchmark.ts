/** `make bench-deadline`: slow requests among fast ones, and which side ends them. */

import { mean } from 'simple-statistics';
import { benchmark } from '../runner/definition';
import { ms, percent } from '../runner/figures';
import { describe } from '../runner/machine';
import { runOpen } from '../runner/open-load';
import { table } from '../runner/publish';
import { measureEach, uwsgiStats } from '../runner/serve';
import { count } from '../runner/settings';
import { imagesOf, readSystems } from '../runner/system';

const WORKERS = 4;
const FAST_MS = 20;
/** How often a user requests a report. */
const ATTEMPTS = 3;
const USER_INTERVAL_S = 2;
const SAMPLE_MS = 250;

const systems = readSystems(import.meta.dirname);

export interface Measured {
  way: string;
  /** ms, of right responses; null if there are none. */
  fast: { asked: number; right: number; p50: number | null; p99: number | null };
  reports: { asked: number; right: number };
  /** Busy workers, on average. */
  busy: number;
}

export default benchmark({
  page: 'docs/deadline.md',
  /** The published case scaled down: reports take almost seven times as long as nginx's timeout, 60 s there. */
  settings: {
    SECONDS: count('36', 'duration of the load, for each of three configurations'),
    USERS: count(
      '6',
      `who request a slow report and retry it; a new one every ${USER_INTERVAL_S} s`,
    ),
    REPORT: count('20', 'seconds of work in a report'),
    RATE: count('40', 'fast requests per second'),
  },
  images: () => imagesOf(systems),
  software: ['nginx', 'uWSGI'],
  usesK6: true,
  measure: (its): AsyncIterable<Measured> =>
    measureEach(systems, async ({ port, ports }) => {
      const busy: number[] = [];
      const sampling = setInterval(async () => {
        // a sample that was cut short is none
        const stats = await uwsgiStats(ports.STATS as number).catch(() => undefined);
        const isBusy = ({ status }: { status: string }) => status.startsWith('busy');
        busy.push(...(stats === undefined ? [] : [stats.workers.filter(isBusy).length]));
      }, SAMPLE_MS);
      const { count: counted, times } = await runOpen('bench/deadline/users.ts', {
        ...{ ...its, url: `http://127.0.0.1:${port}` },
        ...{ fastMs: FAST_MS, userInterval: USER_INTERVAL_S, attempts: ATTEMPTS },
      }).finally(() => clearInterval(sampling));
      const { requests: right, p50, p99 } = times('took');
      return {
        fast: { asked: counted('fast_asked'), right, p50, p99 },
        reports: { asked: counted('reports_asked'), right: counted('reports_right') },
        busy: mean(busy),
      };
    }),
  tables: ({ settings: { SECONDS, USERS, REPORT, RATE }, ...results }) => `${table(
    [
      ['', ({ way }) => way],
      ['fast right', ({ fast }) => `${fast.right} of ${fast.asked}`],
      ['share', ({ fast }) => percent(fast.right / fast.asked, 1)],
      ['p50', ({ fast }) => ms(fast.p50)],
      ['p99', ({ fast }) => ms(fast.p99)],
      ['busy workers', ({ busy }) => `${busy.toFixed(1)} of ${WORKERS}`],
      ['report requests', ({ reports }) => String(reports.asked)],
      ['reports', ({ reports }) => `${reports.right} of ${USERS}`],
    ],
    results.measured,
  )}
${SECONDS} s with ${RATE} fast requests per second (${FAST_MS} ms of work) and ${USERS} users, a new one every ${USER_INTERVAL_S} s, who request a report of ${REPORT} s up to ${ATTEMPTS} times. ${describe(results)}.
`,
});
