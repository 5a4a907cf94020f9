/**
 * When a held client is sent on: with a 303, before something in front of nginx gives up its request. Pure, and in the
 * bundle of each way of waiting.
 */

import { readDuration } from '../../shared/duration';

/** A wait is in steps of this length for a client that is sent on: between two of them, a quit is noticed. */
export const STEP_MS = 1500;

const SHORTEST_MS = 1000;
/** nginx has a location for each number of steps up to this (src/offload/schedule/pause.ts). */
export const LONGEST_HOP_MS = 300_000;

/** @returns how long a request is held, ms: the way to the client takes time, and so do steps on a busy machine */
export function beforeHop(hop: number): number {
  return hop * 0.96;
}

/** @returns ms; 0 if it is off, undefined if it can't be read, or is not 1 s to 5 min */
export function readHop(text: string): number | undefined {
  if (text === '') {
    return 0;
  }
  const ms = readDuration(text);
  return ms !== undefined && ms >= SHORTEST_MS && ms <= LONGEST_HOP_MS ? ms : undefined;
}

/**
 * @param hop of readHop
 * @param began of SentOn
 * @param since of the signal, ms since the epoch
 * @returns ms since the signal; Infinity if it is off
 */
export function hopAt(hop: number | undefined, began: number, since: number): number {
  return hop === undefined || hop === 0 ? Infinity : began - since + beforeHop(hop);
}

/** @param text of readSentOn */
export function isSentOn(text: string): boolean {
  return (readHop(readSentOn(text).hop) || 0) > 0;
}

/** The outcome `hop`, with when the next poll is due, ms since the signal. */
export function hopOutcome(next: number): string {
  return `hop=${Math.round(next)}`;
}

/** What @offload says of a client that is sent on, as of nginx/hop/http.conf; empty: nothing. */
export interface SentOn {
  hop: string;
  continues: boolean;
  /** No poll is sooner, as another request of this client knew; ms since the signal. */
  next: number;
  /** When its request began, ms since the epoch: something in front counts from then. */
  began: number;
}

export function readSentOn(text: string): SentOn {
  const words = text.split(';');
  return {
    hop: words[0] || '',
    continues: words[1] === 'on',
    next: Number(words[2] || '0'),
    began: (Number(words[3] || '0') - Number(words[4] || '0')) * 1000,
  };
}
