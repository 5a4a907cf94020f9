/** A logarithmic axis of ms, in whole powers of ten. */

/** Less is drawn as this: whoever waits for seconds sees no difference. */
const LEAST_MS = 1;

export interface Scale {
  /** From 0 to 1. */
  share: (ms: number) => number;
  ticks: { ms: number; label: string }[];
}

export function latencyScale(values: number[]): Scale {
  const powers = values.map((ms) => Math.log10(Math.max(ms, LEAST_MS)));
  const from = Math.floor(Math.min(...powers, 1));
  const to = Math.max(Math.ceil(Math.max(...powers, 1)), from + 1);
  return {
    share: (ms) => (Math.log10(Math.max(ms, LEAST_MS)) - from) / (to - from),
    ticks: Array.from({ length: to - from + 1 }, (_, at) => {
      const ms = 10 ** (from + at);
      return { ms, label: ms < 1000 ? `${ms} ms` : `${ms / 1000} s` };
    }),
  };
}
