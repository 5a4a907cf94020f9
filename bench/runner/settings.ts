/** Settings of a benchmark: environment variables, or `make bench-… NAME=value`. */

import { z } from 'zod';
import { readDuration } from '../../src/shared/duration';

/** By the names of their variables; described by their help. */
export type Fields = Record<string, z.ZodPrefault>;
export type Values<F extends Fields> = z.output<z.ZodObject<F>>;

/** An error of the user, which is printed without a stack trace. */
export class SettingError extends Error {}

const fromText = <T extends z.ZodType>(read: (text: string) => unknown, schema: T) =>
  z.preprocess((text) => read(String(text)), schema);
const numberFrom = (least: 0 | 1) => {
  const complaint = `not a whole number of ${least} or more`;
  return fromText(Number, z.int(complaint).min(least, complaint));
};
const ms = fromText(readDuration, z.number('not a duration, such as 250ms, 10s or 2m'));
/** `1000x30s`: so many clients, each for that time. */
const level = fromText((text) => text.split('x'), z.tuple([numberFrom(1), ms]));
/** Separated by commas or spaces. */
const listOf = <T extends z.ZodType>(schema: T) =>
  fromText((text) => text.split(/\s*,\s*|\s+/), z.array(schema));

/** @param fallback as text */
const field =
  <T extends z.ZodType>(schema: T) =>
  (fallback: string, help: string) =>
    schema.prefault(fallback as z.input<T>).describe(help);

export const count = field(numberFrom(1));
export const countOr0 = field(numberFrom(0));
export const countsOr0 = field(listOf(numberFrom(0)));
/** In ms. */
export const duration = field(ms);
export const durations = field(listOf(ms));
export const levels = field(listOf(level));
export const choices = <T extends string>(all: readonly T[], fallback: string, help: string) =>
  field(listOf(z.enum(all, `unknown; possible values: ${all.join(' ')}`)))(fallback, help);

/** @returns a value for each field; throws a SettingError that names the variable */
export function readSettings<F extends Fields>(
  fields: F,
  env: Record<string, string | undefined>,
): Values<F> {
  // make passes unset variables as empty ones
  const given = Object.entries(env).flatMap(([name, text]) =>
    text?.trim() ? [[name, text.trim()]] : [],
  );
  const { data, error } = z.object(fields).safeParse(Object.fromEntries(given));
  if (error !== undefined) {
    const complaints = error.issues.map(
      ({ path: [name = ''], message }) => `${String(name)}=${env[String(name)]}: ${message}`,
    );
    throw new SettingError(complaints.join('\n'));
  }
  return data;
}

/** A line for each setting, with its default in brackets. */
export function helpOf(fields: Fields): string {
  const width = Math.max(...Object.keys(fields).map((name) => name.length));
  return Object.entries(fields)
    .map(([name, its]) => `  ${name.padEnd(width)}  ${its.description} (${its.def.defaultValue})\n`)
    .join('');
}

/**
 * Finds mistyped settings, with which the default benchmark would run for a long time.
 *
 * @param makeFlags the variable MAKEFLAGS, which ends with ` -- NAME=value …`
 * @returns names given to make that are not known
 */
export function unknownSettings(known: string[], makeFlags: string): string[] {
  const [, given = ''] = makeFlags.split(/(?:^| )-- /);
  // spaces in values are escaped with a backslash
  const names = [...given.matchAll(/(?<!\\)(?:^| )(\w+)=/g)].map(([, name]) => name ?? '');
  return names.filter((name) => !known.includes(name));
}
