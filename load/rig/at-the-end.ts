/** What a benchmark started ends with it: when it is done, fails, or is told to stop. */

const actions = new Set<() => void>();
let isSet = false;

/**
 * @param action runs once, the latest first; it can't wait for anything
 * @returns what takes it back, once its work is done before the end
 */
export function atTheEnd(action: () => void): () => void {
  if (!isSet) {
    isSet = true;
    process.on('exit', () => {
      for (const end of [...actions].reverse()) {
        end();
      }
    });
    for (const [signal, code] of [
      ['SIGINT', 130],
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      process.on(signal, () => process.exit(code));
    }
  }
  actions.add(action);
  return () => actions.delete(action);
}
