/** The results as a table. */

import { describe } from '../rig/machine';
import { markdownTable } from '../rig/markdown';
import type { Results } from './results';
import { FAST_WORK_MS, REFRESHES, WORKERS } from './settings';
import { ways } from './ways';

export function page(results: Results): string {
  return `# Slow requests among fast ones

By \`make bench-deadline\`; docs/deadline.md says how to read it.

${table(results)}`;
}

export function table({ taken, machine, settings, runs }: Results): string {
  const { seconds, users, report, rate } = settings;
  return `${markdownTable(
    ['', 'fast right', 'share', 'p50', 'p99', 'busy workers', 'reports asked for', 'got'],
    runs.map(({ way, fast, reports, busy }) => [
      ways[way],
      `${fast.right} of ${fast.asked}`,
      `${((100 * fast.right) / fast.asked).toFixed(1)} %`,
      ms(fast.p50),
      ms(fast.p99),
      `${busy.toFixed(1)} of ${WORKERS}`,
      String(reports.asked),
      `${reports.right} of ${users}`,
    ]),
  )}
${seconds} s of ${rate} fast requests a second (${FAST_WORK_MS} ms of work) and ${users} users, one more every 2 s, who ask for a report of ${report} s up to ${REFRESHES} times. ${describe(taken, machine)}.
`;
}

/** JSON has null for what is no number. */
function ms(value: number | null): string {
  return value === null || Number.isNaN(value) ? 'none' : `${value} ms`;
}
