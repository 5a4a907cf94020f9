/**
 * The bundle of nginx/metrics for each request. What each request runs is here, and all else in
 * metrics.deferred.ts: a JavaScript VM makes an object of each function, and an update of a shared dictionary takes
 * its lock. docs/metrics.md has the figures.
 */

import { Kind } from './metrics/families';
import { Batch, Bound, type Bucket } from './metrics/series';
import handlers from './metrics.deferred';

/**
 * js_set of $offload_counted, which an access_log's `if=` evaluates in the log phase; always empty, so that nothing is
 * logged. src/metrics/families.ts has the letters of the keys. Neither Math nor Number: njs makes them in each VM
 * that names them. Each series has all of its keys from the start, so that no request takes memory of the zone.
 */
function count(r: NginxHTTPRequest): string {
  const zone = ngx.shared.offload_metrics as NgxSharedDict<number>;
  const variables = r.variables;
  const ms = ((variables.request_time as unknown as number) * 1000 + 0.5) | 0;
  // as in metrics/http.conf: + if there is more to count, route, method, class
  let labels = variables.offload_metrics_key as string;
  const isMore = labels.charCodeAt(0) === 43;
  labels = isMore ? labels.slice(1) : labels;
  let bucket: Bucket;
  // biome-ignore format: a table
  if (ms <= Bound.e) {
    bucket = ms <= Bound.a ? 'ba' : ms <= Bound.b ? 'bb' : ms <= Bound.c ? 'bc' : ms <= Bound.d ? 'bd' : 'be';
  } else if (ms <= Bound.j) {
    bucket = ms <= Bound.f ? 'bf' : ms <= Bound.g ? 'bg' : ms <= Bound.h ? 'bh' : ms <= Bound.i ? 'bi' : 'bj';
  } else if (ms <= Bound.m) {
    bucket = ms <= Bound.k ? 'bk' : ms <= Bound.l ? 'bl' : 'bm';
  } else {
    bucket = ms <= Bound.n ? 'bn' : ms <= Bound.o ? 'bo' : 'bp';
  }
  try {
    let sum = Kind.sum + labels;
    if (zone.get(sum) === undefined) {
      labels = handlers().registerSeries(zone, labels);
      sum = Kind.sum + labels;
    }
    zone.incr(bucket + labels, 1);
    zone.incr(sum, ms);
    const digit = labels.charCodeAt(labels.length - 3);
    if (digit === 50) {
      // 2xx: for the detector of lasting changes (src/metrics/shift.ts), a sum of log2, and a count
      let power = 0;
      let factor = 1 + ms;
      while (factor >= 2) {
        factor /= 2;
        power++;
      }
      const log = power + (2 - factor / 3) * factor - 5 / 3;
      const logs = zone.incr(
        Kind.recent + labels,
        ((log * Batch.units + 0.5) | 0) * Batch.room + 1,
      );
      if (logs % Batch.requests === 0) {
        if (logs > Batch.most) {
          zone.incr(Kind.recent + labels, -Batch.most);
        }
        const batches = ngx.shared.offload_metrics_batches as NgxSharedDict<string>;
        let list = `${logs.toString(36)} `;
        // another worker process may add to it at the same time
        do {
          list = ((batches.pop(labels) || '') + list).slice(-Batch.kept);
        } while (batches.freeSpace() > 0 && !batches.add(labels, list));
      }
    }
    // 5xx and 499
    if (isMore || digit === 53 || (digit === 52 && labels.charCodeAt(labels.length - 1) === 57)) {
      handlers().countMore(r, zone, labels, ms);
    }
  } catch (error) {
    handlers().reportLost(r, zone, error);
  }
  return '';
}

export default {
  count,
  heldSummary: (r: NginxHTTPRequest) => handlers().heldSummary(r),
  operation: (r: NginxHTTPRequest) => handlers().operation(r),
};
