/**
 * Reads variables of the environment; an invalid value throws an error that names its variable. By hand, as k6
 * scripts import no packages.
 */

export type Env = Record<string, string | undefined>;

export function text(env: Env, name: string, fallback: string): string {
  return env[name] ?? fallback;
}

/** A whole number, 1 or more. */
export function count(env: Env, name: string, fallback: string): number {
  const value = text(env, name, fallback);
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new Error(`${name}=${value}: not a whole number of 1 or more, such as ${fallback}`);
  }
  return Number(value);
}

const MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** In ms, of 250ms, 1.5s, 2m or 1h. */
export function duration(env: Env, name: string, fallback: string): number {
  const value = text(env, name, fallback);
  const [, number, unit = ''] = /^(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h)$/.exec(value) ?? [];
  if (number === undefined) {
    throw new Error(`${name}=${value}: not a duration, such as 250ms, 10s or 2m`);
  }
  return Number(number) * (MS[unit] as number);
}

/** From 0 to 1, of a percentage such as 99.9%. */
export function percent(env: Env, name: string, fallback: string): number {
  const value = text(env, name, fallback);
  const [, number] = /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(value) ?? [];
  // not 99.9 / 100, which is more than 0.999
  const share = Number(`${number}e-2`);
  if (!(share <= 1)) {
    throw new Error(`${name}=${value}: not a share from 0% to 100%, such as ${fallback}`);
  }
  return share;
}
