/** `make bench-deadline`: slow requests among fast ones, and which side ends them. */

import net from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { mean } from 'simple-statistics';
import { answers, freePort } from '../../testkit/ports';
import { until } from '../../testkit/until';
import { benchmark } from '../runner/definition';
import { filledFile } from '../runner/fill';
import { runOpen } from '../runner/k6';
import { BUNDLE, describe } from '../runner/machine';
import { table } from '../runner/publish';
import { count, type Values } from '../runner/settings';
import { onStage } from '../runner/stage';

const APP_IMAGE = 'peers:trixie';
const NGINX_IMAGE = 'nginx:trixie';
const WORKERS = 4;
export const NGINX_TIMEOUT_S = 3;
/** At least 2 s below nginx's timeout, as uWSGI enforces a deadline up to 2 s late. */
export const DEADLINE_S = 1;
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

const ways = {
  timeout: `nginx's timeout only (${NGINX_TIMEOUT_S} s)`,
  deadline: `a deadline in uWSGI (${DEADLINE_S} s)`,
  offload: 'the slow route is offloaded',
};
type Way = keyof typeof ways;

export interface Run {
  way: Way;
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
  images: () => [NGINX_IMAGE, APP_IMAGE],
  software: ['nginx', 'uWSGI'],
  usesK6: true,
  async *measure(its) {
    const runs: Run[] = [];
    for (const way of Object.keys(ways) as Way[]) {
      console.log(`${ways[way]}: ${its.SECONDS} s`);
      runs.push(await measureWay(way, its));
      yield runs;
    }
  },
  tables: (results) => {
    const { SECONDS, USERS, REPORT, RATE } = results.settings;
    return `${table(
      ['', 'fast right', 'share', 'p50', 'p99', 'busy workers', 'report requests', 'reports'],
      results.measured.map(({ way, fast, reports, busy }) => [
        ways[way],
        `${fast.right} of ${fast.asked}`,
        `${((100 * fast.right) / fast.asked).toFixed(1)} %`,
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

function measureWay(way: Way, its: Settings): Promise<Run> {
  return onStage(async (stage) => {
    const [appPort, statsPort] = await Promise.all([freePort(), freePort()]);
    await stage.start({
      image: APP_IMAGE,
      mounts: {
        '/srv/app:ro': join(import.meta.dirname, 'app'),
        '/etc/nginx/offload:ro': BUNDLE,
      },
      entrypoint: ['uwsgi', ...uwsgiArguments(way, appPort, statsPort)],
    });
    await until('uWSGI listens', () => answers(appPort));
    const nginx = await stage.nginx((port) => configuration(way, port, appPort), {
      image: NGINX_IMAGE,
    });
    const busy: number[] = [];
    const sampling = setInterval(
      async () => busy.push(...(await busyWorkers(statsPort))),
      SAMPLE_MS,
    );
    const figures = await runOpen('load/deadline/users.js', {
      ...its,
      url: `http://127.0.0.1:${nginx.port}`,
      ...{ fastMs: FAST_WORK_MS, userInterval: USER_INTERVAL_S, attempts: ATTEMPTS },
    }).finally(() => clearInterval(sampling));
    const { requests: right, p50, p99 } = figures.times('took');
    return {
      way,
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

function configuration(way: Way, port: number, appPort: number): string {
  const deadline = 'include offload/deadline/uwsgi.conf; include offload/uwsgi.conf;';
  return filledFile(join(import.meta.dirname, 'nginx.conf'), {
    ...{ PORT: port, APP_PORT: appPort, DEADLINE_S },
    LOCATION: way === 'timeout' ? `uwsgi_read_timeout ${NGINX_TIMEOUT_S}s;` : deadline,
  });
}

function uwsgiArguments(way: Way, appPort: number, statsPort: number): string[] {
  return [
    ...['--plugin', 'python3', '--master', '--need-app', '--disable-logging'],
    ...['--socket', `127.0.0.1:${appPort}`, '--listen', '1024', '--processes', String(WORKERS)],
    ...['--stats', `127.0.0.1:${statsPort}`, '--wsgi-file', '/srv/app/app.py'],
    ...(way === 'timeout' ? [] : ['--ini', '/etc/nginx/offload/service/deadlines.ini']),
    ...(way === 'offload' ? ['--pyargv', 'offload'] : []),
  ];
}

function ms(value: number | null): string {
  return value === null ? 'none' : `${value.toFixed(0)} ms`;
}
