import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import bench, { idealSeconds, type Run } from '../../../bench/comparison/benchmark';
import { peers } from '../../../bench/comparison/peers';
import { domainOf, plot } from '../../../bench/comparison/plot';
import {
  othersDoBetter,
  pages,
  peersAhead,
  type Results,
  smallTable,
} from '../../../bench/comparison/tables';
import { placesIn } from '../../../bench/runner/fill';
import type { Outcome } from '../../../bench/runner/measure';
import { readSettings } from '../../../bench/runner/settings';
import { appImage, imagesOf, readDeclaration } from '../../../bench/runner/system';

function outcome(system: string, changes: Partial<Outcome> = {}): Outcome {
  return {
    ...{ system, title: `the ${system}`, wallSeconds: 100, right: 2000, unfinished: 0 },
    wrong: { status: 0, body: 0, swapped: 0, timeout: 0, connection: 0 },
    addedMs: { p50: 40, p95: 90, p99: 130, max: 200 },
    ...{ callsPerJob: 11, bytesPerHeld: 51_200, appBytesPerHeld: 10_240 },
    cpuSeconds: { nginx: 4, app: 20 },
    ...changes,
  };
}

const run = (...outcomes: Outcome[]): Run => ({ spreadMs: 0, idealSeconds: 100, outcomes });
const results = (...outcomes: Outcome[]): Results => ({
  taken: '2026-01-31T12:00:00.000Z',
  machine: { cores: 2, cpu: 'A Processor', memoryGiB: 24, kernel: '6.1.0', loadBefore: 0.5 },
  versions: { nginx: '1.26.3', k6: '1.8.1' },
  settings: { ...readSettings(bench.settings, {}), LIMIT: 660_000 },
  measured: [run(...outcomes)],
});
const rowOf = (markdown: string, title: string) =>
  markdown
    .split('\n')
    .map((line) => line.replace(/ +/g, ' '))
    .find((line) => line.startsWith(`| ${title} |`));

describe('the tables', () => {
  test('the best figures of systems with all answers right are bold', () => {
    const markdown = pages(
      results(
        outcome('nchan', { callsPerJob: 1 }),
        outcome('uwsgi-blocking', { callsPerJob: 0.5, unfinished: 1000, right: 1000 }),
        outcome('offload'),
      ),
    );
    expect(rowOf(markdown, 'the nchan')).toContain('| **1.0** |');
    expect(rowOf(markdown, 'the uwsgi-blocking')).toContain('| 0.5 |');
    expect(rowOf(markdown, 'the offload')).toContain('| 11.0 |');
  });

  test('errors are a share of all answers, and are listed by kind below the table', () => {
    const wrong = { status: 240, body: 0, swapped: 0, timeout: 10, connection: 0 };
    const markdown = pages(results(outcome('lua', { right: 1750, wrong })));
    expect(rowOf(markdown, 'the lua')).toContain('| 1750 of 2000 | 100.0 s | 17.5 | 12.5 % |');
    expect(markdown).toContain('the lua: 250 wrong answers (status: 240, timeout: 10).');
  });

  test('a run that was stopped at the limit has no wall time, and a note', () => {
    const wrong = { status: 15, body: 0, swapped: 0, timeout: 0, connection: 0 };
    const markdown = pages(results(outcome('lua', { right: 25, wrong, unfinished: 1960 })));
    expect(rowOf(markdown, 'the lua')).toContain('| 25 of 2000 | over 660 s |');
    expect(markdown).toContain('stopped after 660 s, with 40 of 2000 requests answered.');
  });

  test('a crowd has a table of its own, and is not in the picture or the README', async () => {
    const crowd = { ...run(outcome('lua', { right: 999, unfinished: 1 })), crowd: 1000 };
    const both = { ...results(outcome('lua')), measured: [run(outcome('lua')), crowd] };
    expect(pages(both)).toContain(', 1000 requests on 1000 connections: ');
    expect(pages(both)).toContain('| 999 of 1000 |');
    expect(pages(both)).toContain('with 999 of 1000 requests answered.');
    expect(smallTable(both)).not.toContain('1000 connections');
    expect(await plot(both)).toBe(await plot(results(outcome('lua'))));
  });
});

describe('where peers are better', () => {
  const ahead = (...outcomes: Outcome[]) => peersAhead(run(...outcomes));

  test('a line names the best of several peers and counts the others', () => {
    const peers = [outcome('lua', { callsPerJob: 11 }), outcome('nchan', { callsPerJob: 1 })];
    expect(ahead(...peers, outcome('offload', { callsPerJob: 24 }))).toEqual([
      'app calls a job: the nchan (1.0) and 1 more; nginx-offload 24.0',
    ]);
  });

  test('more right answers per second are better', () => {
    const peer = (right: number) => ahead(outcome('lua', { right }), outcome('offload'));
    expect(peer(2100)).toEqual(['right/s: the lua (21.0); nginx-offload 20.0']);
    expect(peer(1900)).toEqual([]);
  });

  test.each<[string, Outcome]>([
    ['equal rounded figures', outcome('lua', { callsPerJob: 10.99 })],
    ['an unfinished run', outcome('lua', { callsPerJob: 1, unfinished: 1 })],
    ['this project on QuickJS', outcome('offload-quickjs', { callsPerJob: 1 })],
  ])('%s is not better', (_, other) => {
    expect(ahead(other, outcome('offload'))).toEqual([]);
  });

  test('the sentence has the columns of all runs, and the best peers of each', () => {
    const one = run(outcome('nchan', { callsPerJob: 1, bytesPerHeld: 1024 }), outcome('offload'));
    const other = run(outcome('lua', { callsPerJob: 1 }), outcome('offload'));
    expect(othersDoBetter([one, other])).toBe(
      'Other systems are better than nginx-offload in these columns (the best of them in brackets): app calls a job (the nchan, the lua) and nginx a client (the nchan)',
    );
    expect(othersDoBetter([run(outcome('lua'), outcome('offload'))])).toBe(
      'No other system with only right responses is better than nginx-offload',
    );
  });
});

describe('the picture', () => {
  const widths = (svg: string) =>
    [...svg.matchAll(/d="M0,[\d.]+h([\d.]+)v12h[^"]+" fill="#\w+"/g)].map(([, width]) =>
      Number(width),
    );

  test('the length of a bar is proportional to the rate, up to the physical limit', async () => {
    const slow = outcome('gevent-10x10', { wallSeconds: 200 });
    expect(widths(await plot(results(outcome('offload'), slow)))).toEqual([270, 135]);
  });

  test('a system without right answers has a text instead of a latency, and titles are escaped', async () => {
    const addedMs = { p50: null, p95: null, p99: null, max: null };
    const svg = await plot(results(outcome('lua', { title: 'R&D <loop>', right: 0, addedMs })));
    expect(svg).toContain('no right answer');
    expect(svg).toContain('R&amp;D &lt;loop');
  });

  test('a system is in the same row of both halves, also after one without a latency', async () => {
    const none = { p50: null, p95: null, p99: null, max: null };
    const at = (p50: number) => ({ p50, p95: p50, p99: 2 * p50, max: 2 * p50 });
    const svg = await plot(
      results(
        outcome('lua', { right: 0, addedMs: none }),
        outcome('nchan', { right: 1000, addedMs: at(10) }),
        outcome('offload', { right: 2000, addedMs: at(100) }),
      ),
    );
    const placesOf = (mark: RegExp) =>
      [...svg.matchAll(mark)].map(([, x, y]) => ({
        x: Number(x),
        row: Math.floor(Number(y) / 38),
      }));
    const rowsOf = (text: string) =>
      placesOf(new RegExp(`translate\\(([\\d.-]+),([\\d.-]+)\\)"[^>]*>${text}<`, 'g')).map(
        ({ row }) => row,
      );
    expect(['the lua', 'the nchan', 'the offload'].map(rowsOf)).toEqual([[0], [1], [2]]);
    expect(['0.0', '10.0', '20.0'].map(rowsOf)).toEqual([[0], [1], [2]]);
    expect(rowsOf('no right answer')).toEqual([0]);
    const dots = placesOf(/translate\(([\d.-]+),([\d.-]+)\)" d="M4,0A4,4/g);
    expect(dots.sort((a, b) => a.x - b.x).map(({ row }) => row)).toEqual([1, 2]);
  });

  test('the latencies have powers of ten around all values', () => {
    expect(domainOf([40, 130, null, 20_000])).toEqual([10, 100_000]);
  });
});

test('the shortest possible duration: a request is sent on the connection that is free first', () => {
  expect(idealSeconds(new Array(2000).fill(10_000), 200)).toBe(100);
  expect(idealSeconds([3000, 1000, 1000, 1000], 2)).toBe(3);
});

test.each([
  [{ REQUESTS: '199' }, 'REQUESTS=199: fewer than CONNECTIONS'],
  [{ SPREAD: '0s,11s' }, 'JOB=10000 ms: less than 1 ms, or than SPREAD'],
  [{ LIMIT: '0s' }, 'LIMIT=0 ms: less than 1 ms'],
])('%j is rejected: %s', (env, message) => {
  expect(bench.check?.(readSettings(bench.settings, env))).toBe(message);
});

describe('the peers', () => {
  test.each(peers)('$name has an nginx.conf that includes the common files', ({ files }) => {
    const nginx = files['nginx.conf'];
    expect(nginx).toContain('include system/main.conf;');
    expect(nginx).toContain('listen 127.0.0.1:@NGINX@ backlog=4096;');
  });

  test.each(peers)('there are Dockerfiles for the images of $name', (peer) => {
    for (const image of imagesOf([peer])) {
      expect(existsSync(`build/images/${image.split(':')[0]}.Dockerfile`)).toBe(true);
    }
  });

  test('of uWSGI, all except gevent-10x10 have the same number of workers', () => {
    const settings = peers.map(({ name, files }) => [name, files['uwsgi.ini']] as const);
    const others = settings.filter(([name, ini]) => ini && name !== 'gevent-10x10');
    expect(others.length).toBeGreaterThan(5);
    for (const [, ini] of others) {
      expect(ini).toMatch(/^processes = 5$/m);
    }
  });

  test('the system.yaml of CONTRIBUTING.md is valid, and another key is an error', () => {
    const [, text = ''] =
      /```yaml\n(title.*?)```/s.exec(readFileSync('CONTRIBUTING.md', 'utf8')) ?? [];
    const its = readDeclaration(parse(text), '');
    expect(placesIn([...Object.values(its.processes), its.counts]).sort()).toEqual([
      'APP',
      'REDIS',
    ]);
    const peer = { ...its, name: 'queue', title: '', files: {} };
    expect(appImage(peer)).toBe('peers:trixie+redis-server+python3-redis');
    expect(() => readDeclaration({ titel: 'x' }, 'a peer')).toThrow('a peer');
  });
});
