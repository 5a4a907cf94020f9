import { latencyScale } from '../../../../load/comparison/latency-scale';
import { plot } from '../../../../load/comparison/plot';
import { outcome, results } from './outcomes';

test('a bar at the physical limit ends at the line of the limit', () => {
  const svg = plot(results(outcome('offload')));
  const [, x, width] =
    /<rect class="ours" x="(\d+)" y="(?!14)[\d.]+" width="([\d.]+)"/.exec(svg) ?? [];
  const [, limit] = /<line class="limit" x1="([\d.]+)"/.exec(svg) ?? [];
  expect(Number(x) + Number(width)).toBe(Number(limit));
});

test('the length of a bar is proportional to the rate', () => {
  const svg = plot(results(outcome('offload'), outcome('gevent-10x10', { wallSeconds: 200 })));
  const [, ours] = /<rect class="ours" x="\d+" y="(?!14)[\d.]+" width="([\d.]+)"/.exec(svg) ?? [];
  const [, peer] = /<rect class="peer" x="\d+" y="[\d.]+" width="([\d.]+)"/.exec(svg) ?? [];
  expect(Number(peer)).toBeCloseTo(Number(ours) / 2);
});

test('a system without right answers has a text instead of a latency', () => {
  const addedMs = { p50: null, p95: null, p99: null, max: null };
  expect(plot(results(outcome('uwsgi-blocking', { right: 0, addedMs })))).toContain(
    'no right answer',
  );
});

test('titles are escaped', () => {
  expect(plot(results(outcome('lua', { title: 'R&D <loop>' })))).toContain('R&amp;D &lt;loop>');
});

test('the latency scale spans powers of ten around all values', () => {
  const { ticks, share } = latencyScale([40, 130, 20_000]);
  expect(ticks.map(({ label }) => label)).toEqual(['10 ms', '100 ms', '1 s', '10 s', '100 s']);
  expect([share(10), share(1000), share(100_000)]).toEqual([0, 0.5, 1]);
});

test('a latency below 1 ms is drawn as 1 ms', () => {
  const { share } = latencyScale([0.2, 50]);
  expect(share(0.2)).toBe(share(1));
});
