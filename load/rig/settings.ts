/** Settings of a benchmark: environment variables, or `make bench-… NAME=value`. */

import { readDuration } from '../../src/shared/duration';

export type Environment = Record<string, string | undefined>;

/** What a user can mend is said in one line, without where in the code it was found. */
export class SettingError extends Error {}

/** @returns the words of a list, with commas or spaces between; undefined where it is not set */
export function words(env: Environment, name: string): string[] | undefined {
  // make hands on what is not given as empty
  const text = env[name]?.trim();
  return text ? text.split(/\s*,\s*|\s+/) : undefined;
}

/** @returns numbers of a list such as `10,60`, each from 1 on; undefined where it is not set */
export function wholeNumbers(env: Environment, name: string): number[] | undefined {
  return words(env, name)?.map((word) => {
    if (!/^[1-9]\d{0,6}$/.test(word)) {
      throw new SettingError(`${name}=${env[name]}: not a whole number from 1 on`);
    }
    return Number(word);
  });
}

export function wholeNumber(env: Environment, name: string, otherwise: number): number {
  return one(env, name, wholeNumbers(env, name)) ?? otherwise;
}

/** @returns ms, of a list such as `250ms,2m` */
export function durations(env: Environment, name: string, otherwise: number[]): number[] {
  const read = words(env, name)?.map((word) => {
    const ms = readDuration(word);
    if (ms === undefined) {
      throw new SettingError(`${name}=${env[name]}: not a duration, such as 250ms, 10s or 2m`);
    }
    return ms;
  });
  return read ?? otherwise;
}

/** @returns ms */
export function duration(env: Environment, name: string, otherwise: number): number {
  return one(env, name, durations(env, name, [otherwise])) ?? otherwise;
}

/** @returns those of `choices` that are named, in the order given; undefined where it is not set */
export function chosen<T extends string>(
  env: Environment,
  name: string,
  choices: readonly T[],
): T[] | undefined {
  return words(env, name)?.map((word) => {
    const choice = choices.find((each) => each === word);
    if (choice === undefined) {
      throw new SettingError(`${name}=${word}: there is no such; there are ${choices.join(' ')}`);
    }
    return choice;
  });
}

/** @returns one of `choices`, or undefined where it is not set */
export function choice<T extends string>(
  env: Environment,
  name: string,
  choices: readonly T[],
): T | undefined {
  return one(env, name, chosen(env, name, choices));
}

function one<T>(env: Environment, name: string, values: T[] | undefined): T | undefined {
  if (values !== undefined && values.length !== 1) {
    throw new SettingError(`${name}=${env[name]}: one is needed, not several`);
  }
  return values?.[0];
}
