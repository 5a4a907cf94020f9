/** The results of a run: a table on stdout, and the figures as JSON in the file SUMMARY, if set. */

/**
 * @param {object} results
 * @param {string} results.title
 * @param {[string, string][]} results.rows
 * @param {Record<string, unknown>} results.figures
 * @param {import('./thresholds.js').Threshold[]} thresholds
 * @param {any} metrics as k6 gives them to handleSummary
 * @param {string | undefined} file
 * @returns {Record<string, string>} for handleSummary
 */
export function report({ title, rows, figures }, thresholds, metrics, file) {
  const kept = thresholds.map(({ name, metric, rule }) => ({
    name,
    isKept: metrics[metric]?.thresholds?.[rule]?.ok === true,
  }));
  const lines = [
    ...rows,
    ...kept.map(({ name, isKept }) => [isKept ? 'kept' : 'FAILED', name]),
  ].map(([name, value]) => `  ${name.padEnd(14)} ${value}\n`);
  const all = {
    ...figures,
    thresholds: Object.fromEntries(kept.map(({ name, isKept }) => [name, isKept])),
  };
  return {
    stdout: `\n${title}\n\n${lines.join('')}\n`,
    ...(file ? { [file]: `${JSON.stringify(all, null, 2)}\n` } : {}),
  };
}

/**
 * The rows of the report for the figures of tallied().
 * @returns {[string, string][]}
 */
export function rowsOf({ requests, right, wrong, unfinished, wallSeconds, addedMs }) {
  const wrongs = [...Object.entries(wrong), ['unfinished', unfinished]]
    .filter(([, number]) => number > 0)
    .map(([kind, number]) => `${kind} ${number}`);
  const rate = wallSeconds > 0 ? right / wallSeconds : 0;
  const latency = Object.entries(addedMs).map(
    ([name, ms]) => `${name} ${ms === null ? 'none' : `${ms.toFixed(0)} ms`}`,
  );
  return [
    ['right', `${right} of ${requests}`],
    ['wrong', wrongs.join(', ') || 'none'],
    ['wall time', `${wallSeconds.toFixed(2)} s, ${rate.toFixed(1)} right answers a second`],
    ['added latency', latency.join(', ')],
  ];
}

/** The length of the work, such as `8 to 12 s`. */
export function workOf({ job, spread }) {
  const seconds = (ms) => ms / 1000;
  return spread > 0
    ? `${seconds(job - spread)} to ${seconds(job + spread)} s`
    : `${seconds(job)} s`;
}
