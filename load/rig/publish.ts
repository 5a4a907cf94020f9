/**
 * Writes the results of a benchmark: always to OUT; to load/results and the docs only
 * if it ran with the default settings.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const PUBLISHED = 'load/results';

export interface Publication {
  /** Texts by file name: the figures as JSON, and the pages generated from them. */
  files: Record<string, string>;
  /** The generated section of a page (default README.md), and its text. */
  readme?: { page?: string; place: string; text: string };
}

export function writeTo(folder: string, { files }: Publication): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
}

export function publish(publication: Publication): void {
  writeTo(PUBLISHED, publication);
  if (publication.readme !== undefined) {
    const { page = 'README.md', place, text } = publication.readme;
    writeFileSync(page, fillPlace(readFileSync(page, 'utf8'), place, text));
  }
}

/** @returns `text` with the section between `<!-- PLACE -->` and `<!-- /PLACE -->` replaced */
export function fillPlace(text: string, place: string, content: string): string {
  const begin = `<!-- ${place} -->`;
  const end = `<!-- /${place} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) {
    throw new Error(`${begin} … ${end} is missing`);
  }
  return `${text.slice(0, from + begin.length)}\n\n${content.trim()}\n\n${text.slice(to)}`;
}

/** @returns the figures as the text of a JSON file */
export function json(figures: unknown): string {
  return `${JSON.stringify(figures, undefined, 2)}\n`;
}
