/** For tests of the metrics, which need shared dictionaries. */

import { call } from './client';
import { matrix, type Release } from './nginx';

/** The releases whose njs has them: 0.8.0 and newer. */
export const shared: Release[] = matrix.filter(({ njs }) => !njs.startsWith('0.7.'));

/** The page of metrics, by a server with metrics/server.conf. */
export const scrapeAt = async (port: number) => (await call(port, '/offload/metrics')).body;

/** @param series with its labels; NaN if the page has none such */
export function valueIn(page: string, series: string): number {
  const line = page.split('\n').find((each) => each.startsWith(`${series} `));
  return Number(line?.split(' ')[1] ?? Number.NaN);
}

export function countOf(route: string, code = '2xx', method = 'GET'): string {
  return `offload_http_request_duration_seconds_count{route="${route}",method="${method}",code="${code}"}`;
}
