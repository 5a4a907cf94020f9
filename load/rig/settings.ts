/** Settings of a benchmark: environment variables, or `make bench-… NAME=value`. */

import { readDuration } from '../../src/shared/duration';

export type Environment = Record<string, string | undefined>;

/** An error of the user, which is printed without a stack trace. */
export class SettingError extends Error {}

/** @returns the items of a list, separated by commas or spaces; undefined if it is not set */
export function words(env: Environment, name: string): string[] | undefined {
  // make passes unset variables as empty ones
  const text = env[name]?.trim();
  return text ? text.split(/\s*,\s*|\s+/) : undefined;
}

/** @returns the numbers of a list such as `10,60`, each 1 or more; undefined if it is not set */
export function wholeNumbers(env: Environment, name: string): number[] | undefined {
  return words(env, name)?.map((word) => {
    if (!/^[1-9]\d{0,6}$/.test(word)) {
      throw new SettingError(`${name}=${env[name]}: not a whole number of 1 or more`);
    }
    return Number(word);
  });
}

export function wholeNumber(env: Environment, name: string, fallback: number): number {
  return one(env, name, wholeNumbers(env, name)) ?? fallback;
}

/** @returns the ms of a list such as `250ms,2m` */
export function durations(env: Environment, name: string, fallback: number[]): number[] {
  const read = words(env, name)?.map((word) => {
    const ms = readDuration(word);
    if (ms === undefined) {
      throw new SettingError(`${name}=${env[name]}: not a duration, such as 250ms, 10s or 2m`);
    }
    return ms;
  });
  return read ?? fallback;
}

/** @returns ms */
export function duration(env: Environment, name: string, fallback: number): number {
  return one(env, name, durations(env, name, [fallback])) ?? fallback;
}

/** @returns the listed members of `choices`, in their order in the list; undefined if it is not set */
export function chosen<T extends string>(
  env: Environment,
  name: string,
  choices: readonly T[],
): T[] | undefined {
  return words(env, name)?.map((word) => {
    const choice = choices.find((each) => each === word);
    if (choice === undefined) {
      throw new SettingError(`${name}=${word}: unknown; possible values: ${choices.join(' ')}`);
    }
    return choice;
  });
}

/** @returns a member of `choices`, or undefined if it is not set */
export function choice<T extends string>(
  env: Environment,
  name: string,
  choices: readonly T[],
): T | undefined {
  return one(env, name, chosen(env, name, choices));
}

function one<T>(env: Environment, name: string, values: T[] | undefined): T | undefined {
  if (values !== undefined && values.length !== 1) {
    throw new SettingError(`${name}=${env[name]}: only one value is allowed`);
  }
  return values?.[0];
}
