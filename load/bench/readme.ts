/** The place in the README that the figures of a benchmark fill. */

import type { Results } from './results';
import { table } from './table';

const BEGIN = '<!-- make bench: from here on -->';
const END = '<!-- make bench: up to here -->';

/** @returns the README with the figures in its marked place */
export function withSection(readme: string, results: Results): string {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) {
    throw new Error(`the README has no place for the figures: ${BEGIN} … ${END}`);
  }
  return readme.slice(0, from + BEGIN.length) + sectionOf(results) + readme.slice(to);
}

function sectionOf(results: Results): string {
  return `

![Right answers a second, and what each system adds to the work](load/results/table.svg)

${table(results)}
`;
}
