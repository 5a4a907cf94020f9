/**
 * The bundle of nginx/metrics for each request. What each request runs is here, and all else in
 * metrics.deferred.ts: a JavaScript VM makes an object of each function, and an update of a shared dictionary takes
 * its lock. docs/metrics.md has the figures.
 */

import handlers from './metrics.deferred';

/**
 * js_set of $offload_counted, which an access_log's `if=` evaluates in the log phase; always empty, so that nothing is
 * logged. src/metrics/series.ts has the letters of the keys. Neither Math nor Number: njs makes them in each VM
 * that names them.
 */
function count(r: NginxHTTPRequest): string {
  const zone = ngx.shared.offload_metrics as NgxSharedDict<number>;
  const variables = r.variables;
  const ms = ((variables.request_time as unknown as number) * 1000 + 0.5) | 0;
  // as in metrics/http.conf: + if there is more to count, route, method, class
  let labels = variables.offload_metrics_key as string;
  const isMore = labels.charCodeAt(0) === 43;
  labels = isMore ? labels.slice(1) : labels;
  let bucket = 'b';
  if (ms <= 100) {
    bucket += ms <= 5 ? 'a' : ms <= 10 ? 'b' : ms <= 25 ? 'c' : ms <= 50 ? 'd' : 'e';
  } else if (ms <= 5000) {
    bucket += ms <= 250 ? 'f' : ms <= 500 ? 'g' : ms <= 1000 ? 'h' : ms <= 2500 ? 'i' : 'j';
  } else if (ms <= 60_000) {
    bucket += ms <= 10_000 ? 'k' : ms <= 30_000 ? 'l' : 'm';
  } else {
    bucket += ms <= 120_000 ? 'n' : ms <= 300_000 ? 'o' : 'p';
  }
  try {
    if (zone.incr(bucket + labels, 1) === 1) {
      labels = handlers().unfolded(zone, bucket, labels);
    }
    zone.incr(`s${labels}`, ms);
    const digit = labels.charCodeAt(labels.length - 3);
    if (digit === 50) {
      // 2xx: for the detector of lasting changes (src/metrics/shift.ts), the sum of log2 times 1000 and a count
      let power = 0;
      let factor = 1 + ms;
      while (factor >= 2) {
        factor /= 2;
        power++;
      }
      const log = power + (2 - factor / 3) * factor - 5 / 3;
      const sum = zone.incr(`d${labels}`, ((log * 1000 + 0.5) | 0) * 4096 + 1);
      if (sum % 4096 === 20) {
        // one request sees this sum
        const batches = ngx.shared.offload_metrics_batches as NgxSharedDict<string>;
        const batch = zone.pop(`d${labels}`) as number;
        batches.set(labels, `${(batches.get(labels) || '').slice(-1000)}${batch} `);
      }
    }
    // 5xx and 499
    if (isMore || digit === 53 || (digit === 52 && labels.charCodeAt(labels.length - 1) === 57)) {
      handlers().countMore(r, zone, labels, ms);
    }
  } catch (error) {
    handlers().lost(r, zone, (error as Error).message);
  }
  return '';
}

export default {
  count,
  held: (r: NginxHTTPRequest) => handlers().held(r),
  operation: (r: NginxHTTPRequest) => handlers().operation(r),
};
