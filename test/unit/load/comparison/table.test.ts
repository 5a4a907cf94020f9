import { page, workOf } from '../../../../load/comparison/table';
import { outcome, results } from './outcomes';

const rowOf = (markdown: string, title: string) =>
  markdown
    .split('\n')
    .map((line) => line.replace(/ +/g, ' '))
    .find((line) => line.startsWith(`| ${title} |`));

test('a row has the number of right answers, and the figure of each column', () => {
  expect(rowOf(page(results(outcome('lua'))), 'the lua')).toBe(
    '| the lua | 2000 of 2000 | 100.0 s | 20.0 | 0 | 40 ms | 130 ms | 11.0 | 50 KB | 4.00 s | 20.00 s |',
  );
});

test('the best figures of systems with all answers right are bold', () => {
  const markdown = page(
    results(
      outcome('nchan', { callsPerJob: 1 }),
      outcome('gevent-10x10', { callsPerJob: 1 }),
      outcome('uwsgi-blocking', { callsPerJob: 0.5, unfinished: 1000, right: 1000 }),
      outcome('offload'),
    ),
  );
  expect(rowOf(markdown, 'the nchan')).toContain('| **1.0** |');
  expect(rowOf(markdown, 'the gevent-10x10')).toContain('| **1.0** |');
  expect(rowOf(markdown, 'the uwsgi-blocking')).toContain('| 0.5 |');
  expect(rowOf(markdown, 'the offload')).toContain('| 11.0 |');
});

test('errors are a share of all answers, and are listed by kind below the table', () => {
  const wrong = { status: 240, body: 0, swapped: 0, timeout: 10, connection: 0 };
  const markdown = page(results(outcome('gevent-5x10', { right: 1750, wrong })));
  expect(rowOf(markdown, 'the gevent-5x10')).toContain(
    '| 1750 of 2000 | 100.0 s | 17.5 | 12.5 % |',
  );
  expect(markdown).toContain('the gevent-5x10: 250 wrong answers (status: 240, timeout: 10).');
});

test('a run that was stopped at the limit has no wall time, and a note', () => {
  const wrong = { status: 15, body: 0, swapped: 0, timeout: 0, connection: 0 };
  const cut = outcome('uwsgi-blocking', { right: 25, wrong, unfinished: 1960, wallSeconds: 650 });
  const markdown = page(results(cut));
  expect(rowOf(markdown, 'the uwsgi-blocking')).toContain('| 25 of 2000 | over 660 s |');
  expect(markdown).toContain('stopped after 660 s, with 40 of 2000 requests answered.');
});

test('a system without right answers has no latency', () => {
  const none = { p50: null, p95: null, p99: null, max: null };
  const markdown = page(results(outcome('uwsgi-blocking', { right: 0, addedMs: none })));
  expect(rowOf(markdown, 'the uwsgi-blocking')).toContain('| – | – |');
});

test('the date, the machine and the versions are below the table', () => {
  expect(page(results(outcome('lua')))).toContain(
    '2026-01-31, 2 cores (A Processor), 24 GiB, Linux 6.1.0, load 0.5 before; nginx 1.26.3, k6 1.8.1.',
  );
});

test.each([
  [10_000, 0, '10 s'],
  [10_000, 2000, '8 to 12 s'],
  [2000, 400, '1.6 to 2.4 s'],
])('work of %d ± %d ms is %s', (jobMs, spreadMs, text) => {
  expect(workOf(jobMs, spreadMs)).toBe(text);
});
