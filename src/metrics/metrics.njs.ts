/** What few requests call in their log phase (src/metrics.ts has what each calls), and the variables of access logs. */

import { removeHeld } from '../offload/held/now.njs';
import { readTarget } from '../offload/signal/target';
import { isRefusal } from '../shared/checked';
import { hasPlace } from '../shared/places';
import { reasonOf } from '../shared/reason';
import { ALL_OTHERS, Event, Kind, MOST_OPERATIONS, MOST_SERIES } from './families';
import { operationOf } from './operation';
import { type HeldOutcome, latenessOf, outcomeOf } from './outcome';
import { bucketOf, classIn, keysOf, readableLabels } from './series';

type Zone = NgxSharedDict<number>;

/** A part of the zone that no new series takes: the rest of what is counted of the others needs it. */
const RESERVED = 1 / 16;
/** Bytes: the keys of a series. */
const SERIES_SIZE = 16_384;

/**
 * Registers the series of a request, if there is room.
 *
 * @returns the labels that it is counted by: its own, or those of the series for all others
 */
export function registerSeries(zone: Zone, labels: string): string {
  const readable = readableLabels(labels);
  if (isSeries(zone, readable)) {
    return readable;
  }
  const others = ALL_OTHERS + readable.slice(readable.indexOf(' '));
  if (!zone.has(Kind.sum + others)) {
    if (zone.freeSpace() < SERIES_SIZE) {
      throw full();
    }
    makeKeys(zone, others);
    zone.add(Kind.sum + others, 0);
  }
  zone.incr(Event.folded, 1);
  return others;
}

function isSeries(zone: Zone, labels: string): boolean {
  const key = Kind.sum + labels;
  if (zone.freeSpace() < zone.capacity * RESERVED + SERIES_SIZE) {
    return zone.has(key);
  }
  return hasPlace(zone, key, Event.series, MOST_SERIES, () => makeKeys(zone, labels));
}

/** All but the sum, which says that the others are there: what is counted later needs no memory. */
function makeKeys(zone: Zone, labels: string): void {
  zone.add(Event.lost, 0);
  zone.add(Event.folded, 0);
  keysOf(labels).forEach((key) => {
    zone.add(key, 0);
  });
}

/** Adds to a count. Where there may be no memory none is asked for, as nginx logs each time that it has none. */
function increase(zone: Zone, key: string, by: number): void {
  if (zone.freeSpace() === 0 && !zone.has(key)) {
    throw full();
  }
  zone.incr(key, by);
}

function full(): Error {
  return new Error('the zone is full');
}

/** One line for a zone that is full: the key exists, and takes no memory. */
export function reportLost(r: NginxHTTPRequest, zone: Zone, error: unknown): void {
  try {
    if (zone.incr(Event.lost, 1) !== 1) {
      return;
    }
  } catch {
    // no series was ever counted
  }
  r.error(
    `offload: metrics are incomplete from now on: ${reasonOf(error)}; see offload_metrics_lost_total`,
  );
}

/** What few requests have: a client that left, the cache, GraphQL, a held client. */
export function countMore(r: NginxHTTPRequest, zone: Zone, labels: string, ms: number): void {
  const variables = r.variables;
  const route = labels.slice(0, labels.indexOf(' '));
  const isHeld = variables.offload_held !== '';
  if (r.status === 499) {
    increase(zone, `${Kind.abort}${route} ${isHeld ? 'held' : 'before'}`, 1);
  }
  if (r.status === 504) {
    increase(zone, Kind.timeout + route, 1);
  }
  const cache = variables.upstream_cache_status || '';
  if (cache !== '') {
    increase(zone, `${Kind.cache}${route} ${cache}`, 1);
  }
  if ((variables.offload_graphql || '') !== '') {
    countOperation(zone, operation(r), ms, classIn(labels));
  }
  if (isHeld) {
    countHeld(r, zone, route);
  }
}

function countOperation(zone: Zone, name: string, ms: number, statusClass: string): void {
  const isOwn =
    zone.freeSpace() > 0
      ? hasPlace(zone, Kind.name + name, Event.names, MOST_OPERATIONS, () => undefined)
      : zone.has(Kind.name + name);
  if (!isOwn) {
    zone.incr(Event.folded, 1);
  }
  const labels = `${isOwn ? name : ALL_OTHERS} ${statusClass}`;
  increase(zone, Kind.operation + labels, 1);
  increase(zone, Kind.operationSum + labels, ms);
}

function countHeld(r: NginxHTTPRequest, zone: Zone, route: string): void {
  const variables = r.variables;
  const waited = waitedMs(r);
  const ended = outcome(r);
  if (ended !== 'result') {
    removeHeld(variables.offload_route_name || '', variables.offload_request_id || '');
  }
  increase(zone, `${Kind.outcome}${route} ${ended}`, 1);
  increase(zone, Kind.polls + route, polls(r));
  if (ended === 'hop') {
    return;
  }
  increase(zone, Kind.waited + bucketOf(waited) + route, 1);
  increase(zone, Kind.waitedSum + route, waited);
  if (ended === 'result') {
    increase(zone, Kind.late + route, lateMs(r));
  } else if (isCancelled(r, ended)) {
    increase(zone, Kind.cancel + route, 1);
  }
}

/** Whether the waiter has sent the DELETE: it refuses some paths, and may be out of reach, as in a quit. */
function isCancelled(r: NginxHTTPRequest, ended: HeldOutcome): boolean {
  const variables = r.variables;
  const path = variables.offload_cancel || '';
  if (ended === 'lost' || path === '' || isRefusal(readTarget(path))) {
    return false;
  }
  // the waiter's answer to @offload_cancel
  return ended !== 'disconnected' || (variables.upstream_status || '').endsWith(' 499');
}

/** js_set of $offload_read_operation: the name of a GraphQL request's operation. */
export function operation(r: NginxHTTPRequest): string {
  const variables = r.variables;
  return operationOf(variables.request_body || '', variables.arg_operationName || '');
}

/** js_set of $offload_metrics_ended: outcome, waited and late time in seconds of a held request, at its end. */
export function heldSummary(r: NginxHTTPRequest): string {
  const ended = outcome(r);
  const late = ended === 'result' ? seconds(lateMs(r)) : '-';
  return `${ended} ${seconds(waitedMs(r))} ${late}`;
}

function outcome(r: NginxHTTPRequest): HeldOutcome {
  const variables = r.variables;
  return outcomeOf({
    status: r.status,
    outcome: variables.upstream_http_x_pad || '',
    isOverLimit: variables.limit_conn_status === 'REJECTED',
    isSentOn: (variables.offload_hop_status || '') !== '',
  });
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function waitedMs(r: NginxHTTPRequest): number {
  return Math.max(Math.round(Date.now() - Number(r.variables.offload_since || '0') * 1000), 0);
}

function lateMs(r: NginxHTTPRequest): number {
  return latenessOf(r.variables.upstream_response_time || '', waitedMs(r), polls(r));
}

function polls(r: NginxHTTPRequest): number {
  return Number(r.variables.offload_polls || '0');
}
