/** What is made of the figures of a benchmark: their JSON, a picture, and tables in its page and the README. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { type AnyBenchmark, type AnyResults, targetOf } from './definition';

export const PUBLISHED = 'bench/results';

/** A line for each measurement, so that the difference of two runs can be read. */
export function jsonOf({ measured, ...head }: AnyResults): string {
  const lines = measured.map((each: unknown) => JSON.stringify(each));
  const heads = Object.entries(head).map(
    ([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`,
  );
  return `{\n${[...heads, `"measured": [\n${lines.join(',\n')}\n]`].join(',\n')}\n}\n`;
}

/** @returns texts of the files in bench/results, by name */
export function filesOf(name: string, its: AnyBenchmark, results: AnyResults) {
  const picture = its.picture && { [`${name}.svg`]: its.picture(results) };
  return { [`${name}.json`]: jsonOf(results), ...picture };
}

/** @returns what stands at the mark of the target in each page */
export function placesOf(its: AnyBenchmark, results: AnyResults): Record<string, string> {
  const readme = its.readme && { 'README.md': its.readme(results) };
  return { [its.page]: its.tables(results), ...readme };
}

export function write(folder: string, files: Record<string, string>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
}

/** @returns what it has written */
export function publish(name: string, its: AnyBenchmark, results: AnyResults): string[] {
  write(PUBLISHED, filesOf(name, its, results));
  const places = Object.entries(placesOf(its, results));
  for (const [page, text] of places) {
    const filled = fillPlace(readFileSync(page, 'utf8'), `make ${targetOf(name)}`, text);
    writeFileSync(page, filled);
  }
  return [PUBLISHED, ...places.map(([page]) => page)];
}

/** @returns the text, with what stands between `<!-- MARK -->` and `<!-- /MARK -->` replaced */
export function fillPlace(text: string, mark: string, content: string): string {
  const begin = `<!-- ${mark} -->`;
  const end = `<!-- /${mark} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) {
    throw new Error(`${begin} … ${end} is missing`);
  }
  return `${text.slice(0, from + begin.length)}\n\n${content.trim()}\n\n${text.slice(to)}`;
}

export type Column<Row> = [title: string, cell: (row: Row) => string];

/** The first column is text, aligned left; the others are figures, aligned right. */
export function table<Row>(columns: Column<Row>[], rows: Row[]): string {
  const cells = rows.map((row) => columns.map(([, cell]) => cell(row)));
  const align = columns.map((_, at) => (at === 0 ? null : 'r'));
  return `${markdownTable([columns.map(([title]) => title), ...cells], { align })}\n`;
}
