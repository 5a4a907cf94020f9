/** The physical limit of a load. */

/**
 * @param lengths ms of work of each request, in their order
 * @returns seconds that the last one ends after, where each connection asks for the next as soon
 * as it has its answer, and an answer takes nothing but the work
 */
export function idealSeconds(lengths: number[], connections: number): number {
  const free = new Array<number>(connections).fill(0);
  for (const length of lengths) {
    const first = free.indexOf(Math.min(...free));
    free[first] = (free[first] ?? 0) + length;
  }
  return Math.max(...free) / 1000;
}
