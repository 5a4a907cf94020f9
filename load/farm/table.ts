/** The results as tables. */

import { describe } from '../rig/machine';
import { markdownTable } from '../rig/markdown';
import type { Figures } from './figures';
import type { Results } from './results';

/** The published p99 under least outstanding requests, beside that of round robin. */
export const PUBLISHED_P99 = -0.19;

export function page(results: Results): string {
  return `# A farm of single-process backends

By \`make bench-farm\`; docs/farm.md says what it is and how to read it.

${tables(results)}`;
}

export function tables(results: Results): string {
  const { taken, machine, versions, settings, perSecond } = results;
  const { fastMs, slowMs, slowPercent, processes, load, seconds } = settings;
  return `**Work that blocks**: ${fastMs} ms, and ${slowMs} ms for ${slowPercent} % of the requests; ${processes} processes at ${load} % load, ${perSecond.waiting.toFixed(0)} requests a second to each system for ${seconds} s, all at the same time. Response times in ms.

${waitingTable(results)}
${verdict(results)}

**Work that keeps the CPU busy**: ${settings.cpuMs} ms of CPU time, ${perSecond.computing.toFixed(0)} requests a second, which is ${settings.cpuLoad} % of ${machine.cores} cores; in turns, of whose figures these are the medians.

${computingTable(results)}
${computingVerdict(results)}

${describe(taken, machine)}; ${Object.entries(versions)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ')}.
`;
}

function waitingTable({ waiting }: Results): string {
  return markdownTable(
    ['', 'mean', 'p95', 'p99', 'fast: mean', 'fast: p95', 'fast: p99', 'slow: mean', 'slow: p99'],
    waiting.map(({ title, all, fast, slow }) => [
      title,
      ...[all.mean, all.p95, all.p99].map(shown),
      ...[fast.mean, fast.p95, fast.p99].map(shown),
      ...[slow.mean, slow.p99].map(shown),
    ]),
  );
}

function computingTable({ computing }: Results): string {
  return markdownTable(
    ['', 'mean', 'standard deviation', 'p50', 'p95', 'p99'],
    computing.map(({ title, all }) => [
      title,
      ...[all.mean, all.spread, all.p50, all.p95, all.p99].map(shown),
    ]),
  );
}

function verdict({ waiting }: Results): string {
  const [roundRobin, least, shared, pool] = waiting;
  if (
    roundRobin === undefined ||
    least === undefined ||
    shared === undefined ||
    pool === undefined
  ) {
    return '';
  }
  const change = (from: Figures, to: Figures, of: 'mean' | 'p95' | 'p99') =>
    percent(to[of] / from[of] - 1);
  return `least_conn beside round robin: p99 ${change(roundRobin.all, least.all, 'p99')} (published: ${percent(PUBLISHED_P99)}), mean ${change(roundRobin.all, least.all, 'mean')}; of fast requests p95 ${change(roundRobin.fast, least.fast, 'p95')}, p99 ${change(roundRobin.fast, least.fast, 'p99')}. The pool beside least_conn: p99 ${change(least.all, pool.all, 'p99')}, mean ${change(least.all, pool.all, 'mean')}; the farm with one socket beside the pool: p99 ${change(pool.all, shared.all, 'p99')}, mean ${change(pool.all, shared.all, 'mean')}.`;
}

function computingVerdict({ computing }: Results): string {
  const [threads, single] = computing;
  if (threads === undefined || single === undefined) {
    return '';
  }
  const change = (of: 'mean' | 'spread' | 'p99') => percent(single.all[of] / threads.all[of] - 1);
  return `The farm beside the pool with threads: mean ${change('mean')} (published: from a bumpy 40 ms to an even 20 ms, ${percent(-0.5)}), standard deviation ${change('spread')}, p99 ${change('p99')}.`;
}

function shown(ms: number): string {
  return ms >= 100 ? ms.toFixed(0) : ms.toFixed(1);
}

function percent(share: number): string {
  const rounded = Math.round(share * 100);
  return `${rounded > 0 ? '+' : ''}${rounded === 0 ? 0 : rounded} %`;
}
