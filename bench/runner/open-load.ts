/** Runs a k6 script of an open load (open.ts) and returns its figures. */

import { runK6 } from '../../testkit/clients/k6';

type Figure = number | null;
/** Response times in ms; null if there were none. */
export type Times = { requests: number; mean: Figure; p50: Figure; p95: Figure; p99: Figure };

/**
 * @param load what the script reads from LOAD
 * @returns k6's statistics of its metrics, and of parts of them: `took{kind:fast}`
 */
export async function runOpen(script: string, load: unknown) {
  const { exitCode, figures, output } = await runK6<Record<string, Record<string, number>>>(
    script,
    { env: { LOAD: JSON.stringify(load) } },
  );
  const count = (metric: string) => figures[metric]?.count ?? 0;
  // on a busy machine k6 may have no client free
  if (exitCode !== 0 || count('dropped_iterations') > count('iterations') / 100) {
    throw new Error(`${script}: k6 exited with ${exitCode}, or did not send all:\n${output}`);
  }
  const times = (metric: string): Times => {
    const of = (name: string) => (count(metric) > 0 ? (figures[metric]?.[name] ?? null) : null);
    const [mean, p50, p95, p99] = [of('avg'), of('med'), of('p(95)'), of('p(99)')];
    return { requests: count(metric), mean, p50, p95, p99 };
  };
  return { count, times };
}
