/** Settings of a benchmark: environment variables, or `make bench-… NAME=value`. */

import { z } from 'zod';
import { readDuration } from '../../src/shared/duration';

export type Environment = Record<string, string | undefined>;
export type Field<T> = z.ZodType<T, string | undefined>;
/** By the names of their variables. */
export type Fields = Record<string, Field<unknown>>;
export type Values<F extends Fields> = { [Name in keyof F]: z.output<F[Name]> };

/** Of njs; the values of js_engine. */
export const ENGINES = ['njs', 'qjs'] as const;

/** An error of the user, which is printed without a stack trace. */
export class SettingError extends Error {}

const NUMBER = z
  .string()
  .regex(/^[1-9]\d{0,6}$/, 'not a whole number of 1 or more')
  .transform(Number);
const NUMBER_OR_0 = z
  .string()
  .regex(/^(0|[1-9]\d{0,6})$/, 'not a whole number')
  .transform(Number);
const MS = z.string().transform((text, context) => {
  const ms = readDuration(text);
  if (ms === undefined) {
    context.addIssue('not a duration, such as 250ms, 10s or 2m');
    return z.NEVER;
  }
  return ms;
});

/** `1000x30s`: so many clients, each for that time. */
const LEVEL = z.string().transform((text, context) => {
  const [, clients, time = ''] = /^([1-9]\d{0,5})x(.*)$/.exec(text) ?? [];
  const ms = readDuration(time);
  if (clients === undefined || ms === undefined || ms === 0) {
    context.addIssue('not clients and a duration, such as 1000x30s');
    return z.NEVER;
  }
  return { clients: Number(clients), ms };
});

export const count = (fallback: string, help: string) => field(NUMBER, fallback, help);
export const countOr0 = (fallback: string, help: string) => field(NUMBER_OR_0, fallback, help);
export const countsOr0 = (fallback: string, help: string) =>
  field(listOf(NUMBER_OR_0), fallback, help);
/** In ms. */
export const duration = (fallback: string, help: string) => field(MS, fallback, help);
export const durations = (fallback: string, help: string) => field(listOf(MS), fallback, help);
/** A list. */
export const levels = (fallback: string, help: string) => field(listOf(LEVEL), fallback, help);
export const choice = <T extends string>(all: readonly T[], fallback: T, help: string) =>
  field(oneOf(all), fallback, help);
export const choices = <T extends string>(all: readonly T[], fallback: string, help: string) =>
  field(listOf(oneOf(all)), fallback, help);

/** @returns a value for each field; throws a SettingError that names the variable */
export function readSettings<F extends Fields>(fields: F, env: Environment): Values<F> {
  const given = Object.fromEntries(
    // make passes unset variables as empty ones
    Object.keys(fields).map((name) => [name, env[name]?.trim() || undefined]),
  );
  const { data, error } = z.object(fields).safeParse(given);
  if (error !== undefined) {
    const [{ path, message }] = error.issues as [z.core.$ZodIssue];
    throw new SettingError(`${String(path[0])}=${given[String(path[0])]}: ${message}`);
  }
  return data as Values<F>;
}

/** A line for each setting, with its default in brackets. */
export function helpOf(fields: Fields): string {
  const width = Math.max(...Object.keys(fields).map((name) => name.length));
  return Object.entries(fields)
    .map(([name, { description = '' }]) => `  ${name.padEnd(width)}  ${description}\n`)
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

function field<T>(type: z.ZodType<T, string>, fallback: string, help: string): Field<T> {
  return type.prefault(fallback).describe(`${help} (${fallback})`);
}

/** Separated by commas or spaces. */
function listOf<T>(item: z.ZodType<T, string>): z.ZodType<T[], string> {
  return z
    .string()
    .transform((text) => text.split(/\s*,\s*|\s+/))
    .pipe(z.array(item));
}

function oneOf<T extends string>(all: readonly T[]): z.ZodType<T, string> {
  return z
    .string()
    .pipe(z.enum(all, `unknown; possible values: ${all.join(' ')}`) as z.ZodType<T, string>);
}
