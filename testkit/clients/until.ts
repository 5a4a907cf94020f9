/** A command in a container takes so much CPU that one after the other would slow down what is waited for. */
const PAUSE_MS = { least: 20, most: 250 };

/** Waits for a condition, and asks the less often the longer it takes to ask; the error of a timeout names it. */
export async function until(
  name: string,
  condition: () => boolean | Promise<boolean>,
  ms = 20_000,
): Promise<void> {
  const end = Date.now() + ms;
  for (;;) {
    const asked = Date.now();
    if (await condition()) {
      return;
    }
    if (Date.now() > end) {
      throw new Error(`not within ${ms} ms: ${name}`);
    }
    const took = Date.now() - asked;
    await sleep(Math.min(PAUSE_MS.least + 3 * took, PAUSE_MS.most));
  }
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
