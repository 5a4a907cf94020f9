/** Files with places for values: @PORT@. */

import { readFileSync } from 'node:fs';

const PLACE = /@([A-Z_]+)@/g;

/** @returns the text; a place without a value is an error */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replaceAll(PLACE, (place, name) => {
    const value = values[name];
    if (value === undefined) {
      throw new Error(`no value for ${place} in: ${text}`);
    }
    return String(value);
  });
}

export const filledFile = (file: string, values: Record<string, string | number>) =>
  fill(readFileSync(file, 'utf8'), values);

/** @returns names of the places, each once */
export function placesIn(texts: string[]): string[] {
  const all = texts.flatMap((text) => [...text.matchAll(PLACE)].map(([, name = '']) => name));
  return [...new Set(all)];
}
