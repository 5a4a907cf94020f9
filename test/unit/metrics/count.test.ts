/** What each request runs: its buckets are those of the page. */

import { Kind } from '../../../src/metrics/families';
import { BUCKETS_MS, bucketOf } from '../../../src/metrics/series';

// its types are those of njs
const { default: counting } = jest.requireActual<{
  default: { count(r: { status: number; variables: Record<string, string> }): string };
}>('../../../src/metrics');

const LABELS = 'reports GET 3xx';

test.each([0, ...BUCKETS_MS.flatMap((ms) => [ms, ms + 1]), 86_400_000])(
  'a request of %i ms is counted in its bucket, and in the sum',
  (ms) => {
    const counts = new Map([[Kind.sum + LABELS, 0]]);
    const zone = {
      get: (key: string) => counts.get(key),
      incr: (key: string, by: number) => counts.set(key, (counts.get(key) ?? 0) + by),
    };
    Object.assign(globalThis, { ngx: { shared: { offload_metrics: zone } } });
    const variables = { request_time: (ms / 1000).toFixed(3), offload_metrics_key: LABELS };
    counting.count({ status: 301, variables });
    expect([...counts]).toEqual([
      [Kind.sum + LABELS, ms],
      [Kind.bucket + bucketOf(ms) + LABELS, 1],
    ]);
  },
);
