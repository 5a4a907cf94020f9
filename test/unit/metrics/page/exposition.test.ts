/** The lines of the page, from what was counted. */

import { Event, Kind, MOST_OPERATIONS, MOST_SERIES } from '../../../../src/metrics/families';
import { collectShifts } from '../../../../src/metrics/page/changes';
import {
  type Collected,
  collect,
  head,
  lines,
  NAMES,
  newCollected,
  showAlways,
} from '../../../../src/metrics/page/exposition';
import { collectSchedule } from '../../../../src/metrics/page/schedule';
import { collectUp, collectUwsgi } from '../../../../src/metrics/page/uwsgi';
import { noShifts } from '../../../../src/metrics/shift';
import { emptyDistribution, fold } from '../../../../src/offload/learning/distribution';
import { makePlan } from '../../../../src/offload/learning/plan';
import { writeDistribution, writePlan } from '../../../../src/offload/learning/stored';

const page = (collected: Collected) =>
  NAMES.flatMap((name) => {
    const shown = collected.families[name];
    return shown === undefined ? [] : [head(name), ...shown.map((each) => lines(name, each))];
  }).join('');

test('a histogram cumulates its buckets, and counts each request', () => {
  const collected = newCollected();
  collect(collected, `${Kind.bucket}areports GET 2xx`, 3);
  collect(collected, `${Kind.bucket}creports GET 2xx`, 2);
  collect(collected, `${Kind.bucket}preports GET 2xx`, 1);
  collect(collected, `${Kind.sum}reports GET 2xx`, 400_500);
  const text = page(collected);
  const labels = 'route="reports",method="GET",code="2xx"';
  const name = 'offload_http_request_duration_seconds';
  expect(text).toContain(`# TYPE ${name} histogram\n${name}_bucket{${labels},le="0.005"} 3\n`);
  expect(text).toContain(`${name}_bucket{${labels},le="0.01"} 3\n`);
  expect(text).toContain(`${name}_bucket{${labels},le="0.025"} 5\n`);
  expect(text).toContain(`${name}_bucket{${labels},le="300"} 5\n`);
  expect(text).toContain(`${name}_bucket{${labels},le="+Inf"} 6\n`);
  expect(text).toContain(`${name}_sum{${labels}} 400.5\n${name}_count{${labels}} 6\n`);
});

test('label values are escaped', () => {
  const collected = newCollected();
  collect(collected, `${Kind.deadline}a"b\\c\nd`, 1);
  expect(
    page(collected),
  ).toBe(`# HELP offload_deadline_exceeded_total Requests that ran past the deadline of their route.
# TYPE offload_deadline_exceeded_total counter
offload_deadline_exceeded_total{route="a\\"b\\\\c\\nd"} 1
`);
});

test('families of keys are shown from the start, those that show a loss as 0, others with a series', () => {
  const collected = newCollected();
  expect(page(collected)).toBe('');
  showAlways(collected);
  const text = page(collected);
  expect(text).toContain('# TYPE offload_polls_total counter\n#');
  expect(text).toContain('\noffload_metrics_lost_total 0\n');
  expect(text).toContain('\noffload_metrics_folded_total 0\n');
  expect(text).not.toMatch(/offload_deadline|offload_uwsgi|offload_metrics_series/);
  collect(collected, Event.lost, 3);
  expect(page(collected)).toBe(text.replace('lost_total 0', 'lost_total 3'));
});

test('what is no key of the metrics is left out', () => {
  const collected = newCollected();
  const before = page(collected);
  for (const key of ['', 'zzz', 'eunknown', 'econstructor', `${Kind.name}a`, Event.routes]) {
    collect(collected, key, 1);
  }
  expect(page(collected)).toBe(before);
});

test('names that every object has are labels as any other', () => {
  const collected = newCollected();
  const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty'];
  for (const name of names) {
    collect(collected, `${Kind.bucket}a${name} GET 2xx`, 2);
    collect(collected, `${Kind.cache}${name} ${name}`, 3);
    collectUp(collected, name, true);
  }
  const text = page(collected);
  for (const name of names) {
    const labels = `route="${name}",method="GET",code="2xx"`;
    expect(text).toContain(`offload_http_request_duration_seconds_count{${labels}} 2\n`);
    expect(text).toContain(
      `offload_http_cache_requests_total{route="${name}",status="${name}"} 3\n`,
    );
    expect(text).toContain(`offload_uwsgi_up{backend="${name}"} 1\n`);
  }
  expect(text).not.toMatch(/undefined|NaN|\[|function/);
});

test('no more series and operations are shown than there may be, while processes try at once', () => {
  const collected = newCollected();
  collect(collected, Event.series, MOST_SERIES + 3);
  collect(collected, Event.names, MOST_OPERATIONS + 3);
  expect(page(collected)).toContain(`\noffload_metrics_series ${MOST_SERIES}\n`);
  expect(page(collected)).toContain(`\noffload_metrics_operations ${MOST_OPERATIONS}\n`);
});

test('a lasting change shows its time, direction and ratio', () => {
  const collected = newCollected();
  collectShifts(collected, 'reports GET 2xx', {
    ...noShifts(),
    mean: Math.log(1 + 200),
    ups: 1,
    changed: 1000,
    ratio: 1.5,
  });
  const text = page(collected);
  const labels = 'route="reports",method="GET"';
  expect(text).toContain(`offload_route_duration_baseline_seconds{${labels}} 0.2\n`);
  expect(text).toContain(`offload_route_duration_changes_total{${labels},direction="up"} 1\n`);
  expect(text).toContain(`offload_route_duration_changes_total{${labels},direction="down"} 0\n`);
  expect(text).toContain(`offload_route_duration_changed_timestamp_seconds{${labels}} 1000\n`);
  expect(text).toContain(`offload_route_duration_change_ratio{${labels}} 1.5\n`);
});

test('workers of uWSGI by state, their kills and the queue', () => {
  const collected = newCollected();
  const stats = {
    listen_queue: 4,
    workers: [
      { status: 'busy', harakiri_count: 2, requests: 10 },
      { status: 'idle', harakiri_count: 1, requests: 5 },
      { status: 'cheap' },
    ],
  };
  expect(collectUwsgi(collected, 'app', JSON.stringify(stats))).toBe(true);
  const text = page(collected);
  expect(text).toContain('offload_uwsgi_workers{backend="app",state="busy"} 1\n');
  expect(text).toContain('offload_uwsgi_workers{backend="app",state="idle"} 1\n');
  expect(text).toContain('offload_uwsgi_workers{backend="app",state="other"} 1\n');
  expect(text).toContain('offload_uwsgi_harakiri_total{backend="app"} 3\n');
  expect(text).toContain('offload_uwsgi_requests_total{backend="app"} 15\n');
  expect(text).toContain('offload_uwsgi_listen_queue{backend="app"} 4\n');
});

test.each(['', '<html>', 'null', '{}', '{"workers":1}'])(
  'an answer %j of a backend is none, and says so',
  (answer) => {
    const collected = newCollected();
    expect(collectUwsgi(collected, 'app', answer)).toBe(false);
    collectUp(collected, 'app', false);
    expect(page(collected)).toContain('offload_uwsgi_up{backend="app"} 0\n');
  },
);

test('the learned schedule shows quantiles and plan of a route that has a name', () => {
  const outcomes = Array.from({ length: 100 }, (_, i) => ({ from: 1990 + i, to: 2000 + i }));
  const distribution = fold(emptyDistribution(), outcomes, 60_000);
  const plan = makePlan(distribution, 0.1, 50);
  expect(plan).toBeDefined();
  const collected = newCollected();
  const planned = plan === undefined ? '' : writePlan(plan);
  collectSchedule(collected, 'route-reports', writeDistribution(distribution), planned);
  const text = page(collected);
  const [, half] = /job_duration_seconds\{route="reports",quantile="0.5"\} (\S+)/.exec(text) ?? [];
  expect(Number(half)).toBeGreaterThan(1.9);
  expect(Number(half)).toBeLessThan(2.2);
  expect(text).toContain(`offload_schedule_planned_polls{route="reports"} ${plan?.times.length}\n`);
  const before = page(newCollected());
  const other = newCollected();
  collectSchedule(other, 'path-1a2b', writeDistribution(distribution), planned);
  collectSchedule(other, 'route-damaged', '[', '[');
  expect(page(other)).toBe(before);
});
