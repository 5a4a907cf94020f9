/** Example results of a benchmark. */

import type { Outcome, Results } from '../../../../load/comparison/results';

export function outcome(system: string, changes: Partial<Outcome> = {}): Outcome {
  return {
    system,
    title: `the ${system}`,
    wallSeconds: 100,
    right: 2000,
    wrong: { status: 0, body: 0, swapped: 0, timeout: 0, connection: 0 },
    unfinished: 0,
    addedMs: { p50: 40, p95: 90, p99: 130, max: 200 },
    callsPerJob: 11,
    bytesPerHeld: 51_200,
    cpuSeconds: { nginx: 4, app: 20 },
    ...changes,
  };
}

export function results(...outcomes: Outcome[]): Results {
  return {
    taken: '2026-01-31T12:00:00.000Z',
    machine: { cores: 2, cpu: 'A Processor', memoryGiB: 24, kernel: '6.1.0', loadBefore: 0.5 },
    versions: { nginx: '1.26.3', k6: '1.8.1' },
    connections: 200,
    requests: 2000,
    jobMs: 10_000,
    limitMs: 660_000,
    runs: [{ spreadMs: 0, idealSeconds: 100, outcomes }],
  };
}
