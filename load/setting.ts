/** Settings of a benchmark: environment variables, or `make bench-… NAME=value`. */

/** @returns positive numbers of a list such as `10,60`; undefined where it is not set */
export function numbers(name: string, environment = process.env): number[] | undefined {
  const text = environment[name];
  if (text === undefined || text === '') {
    return undefined;
  }
  const values = text.split(',').map(Number);
  if (values.some((value) => !(value > 0 && Number.isFinite(value)))) {
    throw new SettingError(
      `${name}=${text}: a number above 0 is needed, or several with commas between`,
    );
  }
  return values;
}

/** @returns a positive number */
export function number(name: string, fallback: number, environment = process.env): number {
  const [value = fallback, ...more] = numbers(name, environment) ?? [];
  if (more.length > 0) {
    throw new SettingError(`${name}=${environment[name]}: one number is needed`);
  }
  return value;
}

/** @returns one of `choices`, or undefined where it is not set */
export function choice<T extends string>(
  name: string,
  choices: readonly T[],
  environment = process.env,
): T | undefined {
  const text = environment[name];
  if (text === undefined || text === '') {
    return undefined;
  }
  if (!(choices as readonly string[]).includes(text)) {
    throw new SettingError(`${name}=${text}: there are ${choices.join(', ')}`);
  }
  return text as T;
}

/** What a user can mend is said in one line, without where in the code it was found. */
export class SettingError extends Error {}

export function sayPlainly(): void {
  process.on('uncaughtException', (error) => {
    console.error(error instanceof SettingError ? error.message : error);
    process.exit(1);
  });
}
