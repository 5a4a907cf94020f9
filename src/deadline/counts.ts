/** Counts of routes in Prometheus' text format. */

const NAME = 'offload_deadline_exceeded_total';

export function asMetrics(counts: [string, number][]): string {
  const sorted = counts.slice().sort((a, b) => (a[0] < b[0] ? -1 : 1));
  const lines = sorted.map((count) => `${NAME}{route="${escaped(count[0])}"} ${count[1]}\n`);
  return `# HELP ${NAME} Requests that ran past the deadline of their route.
# TYPE ${NAME} counter
${lines.join('')}`;
}

function escaped(label: string): string {
  return label.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
