/** Describes in which columns a peer is better than this project. */

import { type Column, columns, shown } from './columns';
import { isWhole, type Outcome, type Results, type Run } from './results';
import { isOurs } from './systems';

/**
 * A line for each column in which a peer is better than this project with the njs engine. Peers with
 * wrong or missing responses are left out; equal rounded figures are not better.
 */
export function peersAhead(run: Run): string[] {
  return columns.flatMap((column) => {
    const [best, ...others] = aheadOf(run, column);
    const ours = oursOf(run);
    if (best === undefined || ours === undefined) {
      return [];
    }
    const more = others.length > 0 ? ` and ${others.length} more` : '';
    return [
      `${column.title}: ${best.title} (${shown(column, best)})${more}; nginx-offload ${shown(column, ours)}`,
    ];
  });
}

/** A sentence without a full stop: the columns in which peers are better, and the best peers. */
export function othersDoBetter({ runs }: Results): string {
  const found = columns.flatMap((column) => {
    const best = runs.flatMap((run) => aheadOf(run, column)[0]?.title ?? []);
    return best.length > 0 ? [`${column.title} (${[...new Set(best)].join(', ')})`] : [];
  });
  return found.length > 0
    ? `Other systems are better than nginx-offload in these columns (the best of them in brackets): ${inWords(found)}`
    : 'No other system with only right responses is better than nginx-offload';
}

/** The peers that are better, best first. */
function aheadOf(run: Run, column: Column): Outcome[] {
  const ours = oursOf(run);
  const own = ours === undefined ? null : column.value(ours);
  return run.outcomes
    .filter((outcome) => !isOurs(outcome.system) && isWhole(outcome))
    .filter((peer) => isAhead(column, peer, own))
    .sort((a, b) => inOrder(column, a, b));
}

function oursOf(run: Run): Outcome | undefined {
  return run.outcomes.find(({ system }) => system === 'offload');
}

function isAhead(column: Column, peer: Outcome, own: number | null): boolean {
  const value = column.value(peer);
  if (value === null || own === null || column.format(value) === column.format(own)) {
    return false;
  }
  return column.better === 'less' ? value < own : value > own;
}

function inOrder(column: Column, a: Outcome, b: Outcome): number {
  const difference = (column.value(a) ?? 0) - (column.value(b) ?? 0);
  return column.better === 'less' ? difference : -difference;
}

/** `a, b and c` */
function inWords(parts: string[]): string {
  const last = parts.at(-1) ?? '';
  return parts.length > 1 ? `${parts.slice(0, -1).join(', ')} and ${last}` : last;
}
