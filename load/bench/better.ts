/** Where a peer is better than this project, in words. Found in the figures, column by column. */

import { type Column, columns, shown } from './columns';
import { isWhole, type Outcome, type Run } from './results';
import { isOurs } from './systems';

/**
 * A line for each column in which a peer that answered all requests right comes before this
 * project with njs's own engine; what rounds to the same figure is no better.
 */
export function whereBetter(run: Run): string[] {
  const ours = run.outcomes.find(({ system }) => system === 'offload');
  if (ours === undefined) {
    return [];
  }
  const peers = run.outcomes.filter(({ system }) => !isOurs(system)).filter(isWhole);
  return columns.flatMap((column) => {
    const own = column.value(ours);
    const ahead = peers
      .filter((peer) => isAhead(column, peer, own))
      .sort((a, b) => inOrder(column, a, b));
    const [best] = ahead;
    if (best === undefined || own === null) {
      return [];
    }
    const others = ahead.length > 1 ? ` and ${ahead.length - 1} more` : '';
    return [
      `- ${column.title}: ${best.title} (${shown(column, best)})${others}; nginx-offload ${column.format(own)}`,
    ];
  });
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
