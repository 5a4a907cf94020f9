/** What a benchmark started ends with it: when it is done, fails, or is told to stop. */

const actions: (() => void)[] = [];

/** @param action runs once, the latest first; it can't wait for anything */
export function atTheEnd(action: () => void): void {
  if (actions.length === 0) {
    process.on('exit', () => {
      for (const end of actions.reverse()) {
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
  actions.push(action);
}
