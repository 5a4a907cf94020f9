/** Figures as text; one that could not be measured is a dash. */

type Figure = number | null;

const text = (value: Figure, digits: number, unit: string) =>
  value === null || Number.isNaN(value) ? '–' : `${value.toFixed(digits)}${unit}`;

export const ms = (value: Figure, digits = 0) => text(value, digits, ' ms');
export const seconds = (value: Figure, digits = 1) => text(value, digits, ' s');
/** @param value in ms */
export const latency = (value: Figure) =>
  value === null || value < 10_000 ? ms(value) : seconds(value / 1000);
/** @param value in bytes */
export const kilobytes = (value: Figure, digits = 0) =>
  text(value === null ? null : value / 1024, digits, ' KB');
/** @param share from 0 to 1 */
export const percent = (share: Figure, digits = 0) =>
  text(share === null ? null : share * 100, digits, ' %');
/** `+1.5 %`, `-1.5 %`, or `0.0 %` without a sign. */
export function change(share: number, digits = 0): string {
  const rounded = (share * 100).toFixed(digits);
  return `${Number(rounded) > 0 ? '+' : ''}${rounded.replace(/^-(?=[0.]+$)/, '')} %`;
}
/** `600 (status), 1 (timeout)`, of how often there was each kind. */
export const kinds = (times: Record<string, number>) =>
  Object.entries(times)
    .flatMap(([kind, all]) => (all > 0 ? [`${all} (${kind})`] : []))
    .join(', ') || '0';
