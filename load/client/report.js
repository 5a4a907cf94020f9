/** What a run found: a short table, and the raw figures as JSON where SUMMARY names a file. */

import { KINDS } from './calls.js';

/**
 * @param {any} data as k6 gives it to handleSummary
 * @param {any} load
 * @param {string | undefined} file
 */
export function report(data, load, file) {
  const figures = figuresOf(data, load);
  return {
    stdout: tableOf(figures),
    ...(file ? { [file]: `${JSON.stringify(figures, null, 2)}\n` } : {}),
  };
}

function figuresOf({ metrics }, { url, connections, requests, job, spread, timeout }) {
  const countOf = (name) => metrics[name]?.values.count ?? 0;
  const wrong = Object.fromEntries(KINDS.map((kind) => [kind, countOf(`wrong_${kind}`)]));
  const right = countOf('right');
  const made = right + Object.values(wrong).reduce((sum, number) => sum + number, 0);
  const { min = 0, max = 0 } = metrics.clock?.values ?? {};
  const added = right > 0 ? metrics.added.values : {};
  return {
    url,
    connections,
    jobMs: job,
    spreadMs: spread,
    timeoutMs: timeout,
    requests,
    right,
    wrong,
    unfinished: requests - made,
    wallSeconds: (max - min) / 1000,
    addedMs: {
      p50: added.med ?? null,
      p95: added['p(95)'] ?? null,
      p99: added['p(99)'] ?? null,
      max: added.max ?? null,
    },
    thresholds: Object.fromEntries(
      Object.entries(metrics).flatMap(([name, { thresholds = {} }]) =>
        Object.entries(thresholds).map(([rule, { ok }]) => [`${name} ${rule}`, ok]),
      ),
    ),
  };
}

function tableOf(figures) {
  const { url, connections, requests, right, wrong, unfinished, wallSeconds, addedMs } = figures;
  const kinds = [...Object.entries(wrong), ['unfinished', unfinished]];
  const wrongs = kinds.filter(([, number]) => number > 0).map(([kind, n]) => `${kind} ${n}`);
  const rows = [
    ['right', `${right} of ${requests}`],
    ['wrong', wrongs.length === 0 ? 'none' : wrongs.join(', ')],
    [
      'wall time',
      `${wallSeconds.toFixed(2)} s, ${(right / wallSeconds || 0).toFixed(1)} right answers a second`,
    ],
    [
      'added latency',
      Object.entries(addedMs)
        .map(([name, ms]) => `${name} ${ms === null ? '-' : `${ms.toFixed(0)} ms`}`)
        .join(', '),
    ],
    ...Object.entries(figures.thresholds).map(([rule, ok]) => [ok ? 'kept' : 'FAILED', rule]),
  ];
  const seconds = (ms) => `${ms / 1000} s`;
  const work =
    figures.spreadMs > 0
      ? `${seconds(figures.jobMs - figures.spreadMs)} to ${seconds(figures.jobMs + figures.spreadMs)}`
      : seconds(figures.jobMs);
  return `\n${connections} connections, ${requests} requests of ${work} of work: ${url}\n\n${rows.map(([name, value]) => `  ${name.padEnd(14)} ${value}\n`).join('')}\n`;
}
