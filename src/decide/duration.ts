/** Times as nginx writes them: `250ms`, `60s`, `5m`, `1h 30m`; a bare number is seconds. */

const UNIT_MS: { [unit: string]: number } = {
  ms: 1,
  s: 1000,
  '': 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * @returns milliseconds, or undefined for what is no time
 * @see https://nginx.org/en/docs/syntax.html
 */
export function readDuration(text: string): number | undefined {
  const parts = text.trim().split(/\s+/);
  let total = 0;
  for (let i = 0; i < parts.length; i++) {
    const found = /^(\d{1,12})(ms|[smhd]?)$/.exec(parts[i] as string);
    if (found === null) {
      return undefined;
    }
    total += Number(found[1]) * (UNIT_MS[found[2] as string] as number);
  }
  return total;
}
