/** A logarithmic axis in ms, with a tick at each power of ten. */

/** Smaller values are drawn as this one. */
const MIN_MS = 1;

export interface Scale {
  /** The position on the axis, from 0 to 1. */
  share: (ms: number) => number;
  ticks: { ms: number; label: string }[];
}

export function latencyScale(values: number[]): Scale {
  const powers = values.map((ms) => Math.log10(Math.max(ms, MIN_MS)));
  const from = Math.floor(Math.min(...powers, 1));
  const to = Math.max(Math.ceil(Math.max(...powers, 1)), from + 1);
  return {
    share: (ms) => (Math.log10(Math.max(ms, MIN_MS)) - from) / (to - from),
    ticks: Array.from({ length: to - from + 1 }, (_, at) => {
      const ms = 10 ** (from + at);
      return { ms, label: ms < 1000 ? `${ms} ms` : `${ms / 1000} s` };
    }),
  };
}
