/** For tests of the metrics, which need shared dictionaries. */

import { execFileSync } from 'node:child_process';
import { call } from '../clients/client';
import { onRelease, type Release } from './nginx';

/** describe.each of the releases whose njs has them: 0.8.0 and newer. Where none has, a test says so. */
export function describeShared(releases: Release[], tests: (release: Release) => void): void {
  const isOld = ({ njs }: Release) => njs.startsWith('0.7.');
  const recent = releases.filter((release) => !isOld(release));
  if (recent.length > 0) {
    describe.each(recent)(onRelease, tests);
  } else {
    test.each(releases)(`not tested, without shared dictionaries: ${onRelease}`, (release) => {
      expect(isOld(release)).toBe(true);
    });
  }
}

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

/** What Prometheus's own parser finds wrong with a page; empty as it should be. */
export function checkedByPrometheus(page: string): string {
  const image = 'offload-prometheus:trixie';
  return execFileSync('docker', ['run', '--rm', '-i', image, 'check', 'metrics'], {
    input: page,
    encoding: 'utf8',
  });
}
