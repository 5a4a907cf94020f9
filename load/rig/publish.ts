/**
 * Where the figures of a benchmark go: to load/results and the pages that show them where it was run
 * with its default settings, to a folder for trials in any case.
 */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const PUBLISHED = 'load/results';

export interface Publication {
  /** Texts by file name: the figures as JSON, and the pages generated from them. */
  files: Record<string, string>;
  /** The places in pages that are made of them. */
  places?: Place[];
}

/** A marked place, such as `make bench` in README.md, and the text in it. */
export interface Place {
  page: string;
  mark: string;
  text: string;
}

export function writeTo(folder: string, { files }: Publication): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
}

export function publish(publication: Publication): void {
  writeTo(PUBLISHED, publication);
  for (const { page, mark, text } of publication.places ?? []) {
    writeFileSync(page, fillPlace(readFileSync(page, 'utf8'), mark, text));
  }
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

/** @returns the figures as the text of a JSON file */
export function json(figures: unknown): string {
  return `${JSON.stringify(figures, undefined, 2)}\n`;
}
