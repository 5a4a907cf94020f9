/** The shortest possible duration of a load. */

/**
 * @param lengths ms of work of each request, in order
 * @returns seconds until the last response, if each connection sends its next request immediately
 * after a response, and a response takes only as long as the work
 */
export function idealSeconds(lengths: number[], connections: number): number {
  const ends = new Array<number>(connections).fill(0);
  for (const length of lengths) {
    const first = ends.indexOf(Math.min(...ends));
    ends[first] = (ends[first] ?? 0) + length;
  }
  return Math.max(...ends) / 1000;
}
