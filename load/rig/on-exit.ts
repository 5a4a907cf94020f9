/** Cleans up when a benchmark ends: on success, on failure and on SIGINT, SIGTERM and SIGHUP. */

const actions = new Set<() => void>();
let isSet = false;

/**
 * @param action synchronous; actions run in reverse order
 * @returns a function that unregisters the action
 */
export function onExit(action: () => void): () => void {
  if (!isSet) {
    isSet = true;
    process.on('exit', () => {
      for (const registered of [...actions].reverse()) {
        registered();
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
