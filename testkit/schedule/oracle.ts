/**
 * The best plan for jobs whose lengths are known: of all lists of polls the one with the least lateness plus
 * price of polls. Each poll is at the end of a job, as an earlier one would be less late.
 */

export interface Best {
  /** Means of a job. */
  cost: number;
  polls: number;
  late: number;
  /** Of the polls, ascending. */
  times: number[];
}

/**
 * By dynamic programming over the jobs in order of their lengths: with `i` jobs ended, the cost of the others
 * is `price * (n - i)` for the next poll, at the end of job `j`, plus the lateness of jobs `i` to `j`, plus the cost
 * after it. That is a line in `i` for each `j`, with falling slopes, so that the lower envelope of the lines
 * gives the best `j` for each `i`.
 */
export function best(lengths: number[], price: number): Best {
  const ends = Float64Array.from(lengths).sort();
  const n = ends.length;
  const sums = new Float64Array(n + 1);
  ends.forEach((end, i) => {
    sums[i + 1] = at(sums, i) + end;
  });
  const costs = new Float64Array(n + 1);
  const nexts = new Int32Array(n + 1);
  const envelope: { next: number; slope: number; height: number }[] = [];
  for (let i = n - 1; i >= 0; i--) {
    const end = at(ends, i);
    add(envelope, {
      next: i + 1,
      slope: -end,
      height: end * (i + 1) - at(sums, i + 1) + at(costs, i + 1),
    });
    const { next, slope, height } = lowest(envelope, i);
    costs[i] = price * (n - i) + at(sums, i) + slope * i + height;
    nexts[i] = next;
  }
  const times: number[] = [];
  let polls = 0;
  for (let i = 0; i < n; i = at(nexts, i)) {
    polls += n - i;
    times.push(at(ends, at(nexts, i) - 1));
  }
  const cost = at(costs, 0) / n;
  return { cost, polls: polls / n, late: cost - (price * polls) / n, times };
}

interface Line {
  next: number;
  slope: number;
  height: number;
}

/** Lines come with rising slopes. */
function add(envelope: Line[], line: Line): void {
  const top = envelope.at(-1);
  if (top !== undefined && top.slope === line.slope) {
    if (top.height <= line.height) {
      return;
    }
    envelope.pop();
  }
  while (envelope.length > 1) {
    const [first, second] = envelope.slice(-2) as [Line, Line];
    const isNeeded =
      (line.height - first.height) * (second.slope - first.slope) >
      (second.height - first.height) * (line.slope - first.slope);
    if (isNeeded) {
      break;
    }
    envelope.pop();
  }
  envelope.push(line);
}

function lowest(envelope: Line[], x: number): Line {
  const heightOf = (index: number) => {
    const { slope, height } = envelope[index] as Line;
    return slope * x + height;
  };
  let low = 0;
  let high = envelope.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (heightOf(middle) <= heightOf(middle + 1)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return envelope[low] as Line;
}

function at(list: Float64Array | Int32Array, index: number): number {
  return list[index] as number;
}
