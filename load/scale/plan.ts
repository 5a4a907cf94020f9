/** Which crowds are held, and for how long. */

export interface Crowd {
  /** Clients that are held at the same time. */
  held: number;
  /** Length of the job that each waits for. */
  seconds: number;
}

const HELD = [1000, 2000, 5000, 10_000];
const SECONDS = [10, 30, 60, 300];

/** Where one of both is given alone, and in the two lines that are run by default. */
const BASE: Crowd = { held: 2000, seconds: 10 };

/** How cost grows with the number, and how with the time: each with each would take hours. */
export function plan(held: number[] | undefined, seconds: number[] | undefined): Crowd[] {
  if (held === undefined && seconds === undefined) {
    const byNumber = HELD.map((one) => ({ held: one, seconds: BASE.seconds }));
    const byTime = SECONDS.map((one) => ({ held: BASE.held, seconds: one }));
    return [...byNumber, ...byTime.filter((crowd) => crowd.seconds !== BASE.seconds)];
  }
  return (held ?? [BASE.held]).flatMap((one) =>
    (seconds ?? [BASE.seconds]).map((length) => ({ held: one, seconds: length })),
  );
}
