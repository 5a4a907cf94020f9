/**
 * How the deciding code says yes or no to something that others wrote: the value, or the
 * reason why not, in words for the error log.
 */
export type Checked<T> = { ok: true; value: T } | { ok: false; reason: string };

export function accepted<T>(value: T): Checked<T> {
  return { ok: true, value };
}

export function refused<T>(reason: string): Checked<T> {
  return { ok: false, reason };
}
