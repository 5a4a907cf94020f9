/** The load: fast requests at a constant rate, and users who retry failed reports. */

import { type Answer, call } from '../../testkit/client';
import { sleep } from '../../testkit/until';
import { ATTEMPTS, FAST_WORK_MS, type Settings } from './settings';

export interface Counted {
  fast: {
    asked: number;
    right: number;
    /** ms, of right responses. */
    p50: number;
    p99: number;
  };
  reports: { asked: number; right: number };
}

const USER_INTERVAL_MS = 2000;
const RETRY_DELAY_MS = 500;

/** A request without an answer at the end counts as failed. */
export async function load(port: number, settings: Settings): Promise<Counted> {
  const end = Date.now() + settings.seconds * 1000;
  const took: number[] = [];
  const counted: Counted = {
    fast: { asked: 0, right: 0, p50: Number.NaN, p99: Number.NaN },
    reports: { asked: 0, right: 0 },
  };
  const request = (path: string): Promise<Answer | undefined> =>
    call(port, path).catch(() => undefined);

  const requestFast = async () => {
    counted.fast.asked++;
    const answer = await request(`/fast/${FAST_WORK_MS}`);
    if (answer?.status === 200 && Date.now() <= end) {
      took.push(answer.ms);
    }
  };
  const runUser = async (number: number) => {
    await sleep(number * USER_INTERVAL_MS);
    for (let attempt = 0; attempt < ATTEMPTS && Date.now() < end; attempt++) {
      counted.reports.asked++;
      const answer = await request(`/reports/${settings.report}`);
      if (answer?.status === 200) {
        counted.reports.right += Date.now() <= end ? 1 : 0;
        return;
      }
      await sleep(RETRY_DELAY_MS);
    }
  };
  for (let number = 0; number < settings.users; number++) {
    void runUser(number);
  }
  // by the clock: a slow request does not delay the next ones
  const started = Date.now();
  for (let n = 0; Date.now() < end; n++) {
    void requestFast();
    await sleep(Math.max(0, started + ((n + 1) * 1000) / settings.rate - Date.now()));
  }
  counted.fast.right = took.length;
  counted.fast.p50 = percentile(took, 50);
  counted.fast.p99 = percentile(took, 99);
  return structuredClone(counted);
}

/** NaN for no values. */
export function percentile(values: number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN;
}
