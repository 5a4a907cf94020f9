import { latencyScale } from '../../../../load/comparison/latency-scale';
import { plot } from '../../../../load/comparison/plot';
import { outcome, results } from './outcomes';

test('a bar that reaches the physical limit ends at its line', () => {
  const svg = plot(results(outcome('offload')));
  const [, x, width] =
    /<rect class="ours" x="(\d+)" y="(?!14)[\d.]+" width="([\d.]+)"/.exec(svg) ?? [];
  const [, limit] = /<line class="limit" x1="([\d.]+)"/.exec(svg) ?? [];
  expect(Number(x) + Number(width)).toBe(Number(limit));
});

test('half the rate is half the bar', () => {
  const svg = plot(results(outcome('offload'), outcome('gevent-10x10', { wallSeconds: 200 })));
  const [, ours] = /<rect class="ours" x="\d+" y="(?!14)[\d.]+" width="([\d.]+)"/.exec(svg) ?? [];
  const [, peer] = /<rect class="peer" x="\d+" y="[\d.]+" width="([\d.]+)"/.exec(svg) ?? [];
  expect(Number(peer)).toBeCloseTo(Number(ours) / 2);
});

test('a system without a right answer is said to have none', () => {
  const addedMs = { p50: null, p95: null, p99: null, max: null };
  expect(plot(results(outcome('uwsgi-blocking', { right: 0, addedMs })))).toContain(
    'no right answer',
  );
});

test('names are text, whatever is in them', () => {
  expect(plot(results(outcome('lua', { title: 'R&D <loop>' })))).toContain('R&amp;D &lt;loop>');
});

test('the scale of latency has whole powers of ten, around all values', () => {
  const { ticks, share } = latencyScale([40, 130, 20_000]);
  expect(ticks.map(({ label }) => label)).toEqual(['10 ms', '100 ms', '1 s', '10 s', '100 s']);
  expect([share(10), share(1000), share(100_000)]).toEqual([0, 0.5, 1]);
});

test('a latency below a millisecond is drawn as one', () => {
  const { share } = latencyScale([0.2, 50]);
  expect(share(0.2)).toBe(share(1));
});
