// @ts-check
/**
 * Reads environment variables; an invalid value throws an error that names the variable. By hand, as k6
 * scripts import no packages.
 */

/**
 * @template T
 * @typedef {(env: Record<string, string | undefined>, name: string, fallback: string) => T} Reader
 */

/** @type {Reader<string>} */
export const text = (env, name, fallback) => env[name] ?? fallback;

/**
 * A whole number, 1 or more.
 * @type {Reader<number>}
 */
export const count = (env, name, fallback) => {
  const value = text(env, name, fallback);
  if (!/^[1-9]\d{0,8}$/.test(value)) {
    throw new Error(`${name}=${value}: not a whole number of 1 or more, such as ${fallback}`);
  }
  return Number(value);
};

const MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/**
 * In ms, of 250ms, 1.5s, 2m or 1h.
 * @type {Reader<number>}
 */
export const duration = (env, name, fallback) => {
  const value = text(env, name, fallback);
  const [, number, unit] = /^(\d{1,9}(?:\.\d{1,9})?)(ms|s|m|h)$/.exec(value) ?? [];
  if (number === undefined) {
    throw new Error(`${name}=${value}: not a duration, such as 250ms, 10s or 2m`);
  }
  return Number(number) * MS[/** @type {keyof typeof MS} */ (unit)];
};

/**
 * From 0 to 1, of a percentage such as 99.9%.
 * @type {Reader<number>}
 */
export const percent = (env, name, fallback) => {
  const value = text(env, name, fallback);
  const [, number] = /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(value) ?? [];
  // not 99.9 / 100, which is more than 0.999
  const share = Number(`${number}e-2`);
  if (!(share <= 1)) {
    throw new Error(`${name}=${value}: not a share from 0% to 100%, such as ${fallback}`);
  }
  return share;
};
