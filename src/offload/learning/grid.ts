/**
 * Cells of time, bounded as floating-point numbers are: octaves from 10 ms, each halved as often as the
 * outcomes in it allow. A cell is wide where little is known and narrow where much is.
 */

/** Start of the first octave, and end of the first cell. */
export const FIRST_OCTAVE_MS = 10;
const OCTAVES = 24;
/** 46 h: end of the last octave, and of a job that was not seen to end. */
export const LONGEST_MS = FIRST_OCTAVE_MS * 2 ** OCTAVES;

/** A cell is at least 1 ms and 0.05 % of its time wide. */
const NARROWEST_MS = 1;
const NARROWEST_SHARE = 1 / 2048;

/** Edges of the widest cells, from 0. */
export function octaveEdges(): number[] {
  const edges = [0];
  for (let edge = FIRST_OCTAVE_MS; edge <= LONGEST_MS; edge *= 2) {
    edges.push(edge);
  }
  return edges;
}

export function canSplit(start: number, width: number): boolean {
  return width > Math.max(NARROWEST_MS, start * NARROWEST_SHARE);
}

/** Whether a cell and the next one, of the same width, are the halves of one cell. */
export function areHalves(start: number, width: number): boolean {
  const octave = octaveOf(start);
  const offset = start < FIRST_OCTAVE_MS ? start : start - octave;
  return width < octave && (offset / width) % 2 === 0;
}

/** Start of the octave of a time, which is its width as well. */
export function octaveOf(time: number): number {
  let octave = FIRST_OCTAVE_MS;
  while (octave * 2 <= time) {
    octave *= 2;
  }
  return octave;
}

/** Index of the cell that a time is in. */
export function cellAt(edges: number[], time: number): number {
  let low = 0;
  let high = edges.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((edges[middle] as number) <= time) {
      low = middle;
    } else {
      high = middle - 1;
    }
  }
  return low;
}
