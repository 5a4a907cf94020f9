/** Measures the systems with both kinds of work. */

import type { Machine } from '../rig/machine';
import { arrivals, meanWork } from './arrivals';
import { type Answered, sendRequests } from './clients';
import { type Figures, figuresOf, medianFigures } from './figures';
import type { Computed, Waited } from './results';
import { serve } from './serve';
import type { Settings } from './settings';
import { computing, waiting } from './systems';

const ROUND_SECONDS = 5;

/** Requests per second to each system. */
export function rates(settings: Settings, { cores }: Machine) {
  const { processes, load, cpuMs, cpuLoad } = settings;
  return {
    waiting: (processes * 10 * load) / meanWork(settings),
    computing: (cores * 10 * cpuLoad) / cpuMs,
  };
}

/**
 * Blocking work uses little CPU, so all systems are measured at the same time: other work on the machine
 * affects them equally.
 */
export async function measureWaiting(settings: Settings, perSecond: number): Promise<Waited[]> {
  const systems = waiting(settings.processes);
  const all = arrivals(settings, perSecond, settings.seconds);
  const serving = await serve(systems, settings.release);
  try {
    // each system starts 333 ms after the one before, so that bursts do not coincide
    const answers = await Promise.all(
      systems.map(({ name }, i) =>
        sendRequests(
          serving.port,
          name,
          'wait',
          all.map((arrival) => ({ ...arrival, at: arrival.at + 333 * i })),
        ),
      ),
    );
    return systems.map(({ title }, i) => {
      const of = (work?: number) =>
        figuresOf(times(answers[i] ?? [], (each) => work === undefined || each.work === work));
      return { title, all: of(), fast: of(settings.fastMs), slow: of(settings.slowMs) };
    });
  } finally {
    serving.stop();
  }
}

/** CPU-bound work: short rounds, in each of which the systems are measured one after the other. */
export async function measureComputing(settings: Settings, perSecond: number): Promise<Computed[]> {
  const systems = computing(settings.cpuProcesses, settings.threads);
  const serving = await serve(systems, settings.release);
  const taken = systems.map(() => [] as Figures[]);
  try {
    const rounds = Math.ceil(settings.cpuSeconds / ROUND_SECONDS);
    for (let round = 1; round <= rounds; round++) {
      const mix = { fastMs: settings.cpuMs, slowMs: settings.cpuMs, slowPercent: 0 };
      const all = arrivals(mix, perSecond, ROUND_SECONDS, round);
      for (const [i, { name }] of systems.entries()) {
        taken[i]?.push(figuresOf(times(await sendRequests(serving.port, name, 'cpu', all))));
      }
      console.log(`CPU: round ${round} of ${rounds}`);
    }
  } finally {
    serving.stop();
  }
  return systems.map(({ title }, i) => ({ title, all: medianFigures(taken[i] ?? []) }));
}

function times(answers: Answered[], filter: (each: Answered) => boolean = () => true): number[] {
  return answers.filter(filter).map(({ ms }) => ms);
}
