/**
 * Where the figures of a benchmark go: to load/results and the README where it was run as it is by
 * default, to a folder for trials in any case.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const PUBLISHED = 'load/results';

export interface Publication {
  /** Names and texts: the figures as JSON, and what is made of them. */
  files: Record<string, string>;
  /** The place in a page (README.md) that is made of them, by its name, and the text in it. */
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

/** @returns the text, with what stands between `<!-- PLACE -->` and `<!-- /PLACE -->` replaced */
export function fillPlace(text: string, place: string, content: string): string {
  const begin = `<!-- ${place} -->`;
  const end = `<!-- /${place} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) {
    throw new Error(`there is no place ${begin} … ${end}`);
  }
  return `${text.slice(0, from + begin.length)}\n\n${content.trim()}\n\n${text.slice(to)}`;
}

/** @returns the figures as a file */
export function json(figures: unknown): string {
  return `${JSON.stringify(figures, undefined, 2)}\n`;
}
