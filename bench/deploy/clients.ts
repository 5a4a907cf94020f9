/** Clients in slow calls, and a new call every 100 ms beside them, which says whose code answers. */

import { call } from '../../testkit/clients/client';
import { sleep } from '../../testkit/clients/until';
import { slowCall } from '../runner/slow-call';

const PROBE_INTERVAL_MS = 100;

export interface Probe {
  /** ms since the epoch. */
  started: number;
  ms: number;
  /** Of the code; undefined: refused, by a status other than 200 or without an answer. */
  version?: string;
}

/** @returns how many calls ended in each way: `right`, or what is wrong */
export async function slowCalls(port: number, clients: number, ms: number) {
  const ends: Record<string, number> = {};
  await Promise.all(
    Array.from({ length: clients }, async (_, at) => {
      const end = (await slowCall(port, `deploy-${at}`, ms)) ?? 'right';
      ends[end] = (ends[end] ?? 0) + 1;
    }),
  );
  return ends;
}

/** Probes until `isOver`, whatever the answers take, and then for their answers. */
export async function probes(port: number, isOver: () => boolean): Promise<Probe[]> {
  const all: Promise<Probe>[] = [];
  while (!isOver()) {
    all.push(probe(port));
    await sleep(PROBE_INTERVAL_MS);
  }
  return Promise.all(all);
}

async function probe(port: number): Promise<Probe> {
  const started = Date.now();
  const answer = await call(port, '/version').catch(() => undefined);
  const ms = Date.now() - started;
  return answer?.status === 200 ? { started, ms, version: answer.body.trim() } : { started, ms };
}

export interface Deployed {
  /** From the deploy to the last probe that old code answered; null: no probe was answered by new code. */
  newCodeSeconds: number | null;
  /** Of the probes since the deploy. */
  probes: number;
  refused: number;
  longestMs: number;
  /** The same of the probes before. */
  longestBeforeMs: number;
}

/** @param from ms since the epoch, when the deploy began */
export function deployed(all: Probe[], from: number): Deployed {
  const since = all.filter(({ started }) => started >= from);
  const old = since.filter(({ version }) => version === '1');
  const longest = (some: Probe[]) => Math.max(0, ...some.map(({ ms }) => ms));
  const last = Math.max(from, ...old.map(({ started, ms }) => started + ms));
  return {
    newCodeSeconds: since.some(({ version }) => version === '2') ? (last - from) / 1000 : null,
    probes: since.length,
    refused: since.filter(({ version }) => version === undefined).length,
    longestMs: longest(since),
    longestBeforeMs: longest(all.filter(({ started }) => started < from)),
  };
}
