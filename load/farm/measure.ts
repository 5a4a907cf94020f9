/** Both comparisons, one after the other. */

import type { Machine } from '../rig/machine';
import { arrivals, meanWork } from './arrivals';
import { type Answered, ask } from './clients';
import { type Figures, figuresOf, typical } from './figures';
import type { Computed, Waited } from './results';
import { serve } from './serve';
import type { Settings } from './settings';
import { computing, waiting } from './systems';

const TURN_SECONDS = 5;

/** Requests in a second, to each system. */
export function rates(settings: Settings, { cores }: Machine) {
  const { processes, load, cpuMs, cpuLoad } = settings;
  return {
    waiting: (processes * 10 * load) / meanWork(settings),
    computing: (cores * 10 * cpuLoad) / cpuMs,
  };
}

/**
 * Work that blocks takes little CPU: all systems have it at the same time, so that whatever slows the
 * machine down meets all alike.
 */
export async function measureWaiting(settings: Settings, perSecond: number): Promise<Waited[]> {
  const systems = waiting(settings.processes);
  const all = arrivals(settings, perSecond, settings.seconds);
  const serving = await serve(systems, settings.release);
  try {
    // each a little later than the one before: the same burst does not come to all at once
    const answers = await Promise.all(
      systems.map(({ name }, i) =>
        ask(
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

/** Work that keeps the CPU busy: short turns, one system after the other, again and again. */
export async function measureComputing(settings: Settings, perSecond: number): Promise<Computed[]> {
  const systems = computing(settings.cpuProcesses, settings.threads);
  const serving = await serve(systems, settings.release);
  const taken = systems.map(() => [] as Figures[]);
  try {
    const turns = Math.ceil(settings.cpuSeconds / TURN_SECONDS);
    for (let turn = 1; turn <= turns; turn++) {
      const mix = { fastMs: settings.cpuMs, slowMs: settings.cpuMs, slowPercent: 0 };
      const all = arrivals(mix, perSecond, TURN_SECONDS, turn);
      for (const [i, { name }] of systems.entries()) {
        taken[i]?.push(figuresOf(times(await ask(serving.port, name, 'cpu', all))));
      }
      console.log(`CPU: turn ${turn} of ${turns}`);
    }
  } finally {
    serving.stop();
  }
  return systems.map(({ title }, i) => ({ title, all: typical(taken[i] ?? []) }));
}

function times(answers: Answered[], wanted: (each: Answered) => boolean = () => true): number[] {
  return answers.filter(wanted).map(({ ms }) => ms);
}
