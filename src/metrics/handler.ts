/** What few requests call in their log phase (src/metrics.ts has what each calls), and the variables of access logs. */

import { REQUEST_ID, ROUTE } from '../shared/hop';
import { operationOf } from './operation';
import { type HeldOutcome, latenessOf, outcomeOf } from './outcome';
import {
  ALL_OTHERS,
  bucketOf,
  classIn,
  EVENTS,
  KINDS,
  MOST_OPERATIONS,
  MOST_SERIES,
  readableLabels,
} from './series';

type Zone = NgxSharedDict<number>;

/**
 * Registers the series of a key that was just made, if there is room.
 *
 * @param bucket the key's letters, before its labels
 * @returns its labels, or those of the series for all others, where it is counted then
 */
export function unfolded(zone: Zone, bucket: string, labels: string): string {
  // before the zone is full: lost() could not create it then
  zone.add(event(EVENTS.lost), 0);
  const readable = readableLabels(labels);
  if (readable === labels && hasSeries(zone, labels)) {
    return labels;
  }
  // whatever others counted meanwhile is counted there as well
  const counted = zone.pop(bucket + labels) || 0;
  const others =
    readable !== labels && hasSeries(zone, readable)
      ? readable
      : ALL_OTHERS + readable.slice(readable.indexOf(' '));
  zone.add(KINDS.sum + others, 0);
  zone.incr(bucket + others, counted);
  if (others !== readable) {
    zone.incr(event(EVENTS.folded), counted);
  }
  return others;
}

function hasSeries(zone: Zone, labels: string): boolean {
  if (!zone.add(KINDS.sum + labels, 0)) {
    return true;
  }
  if (zone.incr(event(EVENTS.series), 1) <= MOST_SERIES) {
    return true;
  }
  zone.incr(event(EVENTS.series), -1);
  zone.delete(KINDS.sum + labels);
  return false;
}

function event(name: string): string {
  return KINDS.event + name;
}

/** One line for a zone that is full: the key exists, and takes no memory. */
export function lost(r: NginxHTTPRequest, zone: Zone, reason: string): void {
  try {
    if (zone.incr(event(EVENTS.lost), 1) !== 1) {
      return;
    }
  } catch {
    // no series was ever counted
  }
  r.error(`offload: metrics are incomplete from now on: ${reason}; see offload_metrics_lost_total`);
}

/** What few requests have: a client that left, the cache, GraphQL, a held client. */
export function countMore(r: NginxHTTPRequest, zone: Zone, labels: string, ms: number): void {
  const variables = r.variables;
  const route = labels.slice(0, labels.indexOf(' '));
  const isHeld = variables.offload_metrics_held !== '';
  if (r.status === 499) {
    zone.incr(`${KINDS.abort}${route} ${isHeld ? 'held' : 'before'}`, 1);
  }
  if (r.status === 504) {
    zone.incr(KINDS.timeout + route, 1);
  }
  const cache = variables.upstream_cache_status || '';
  if (cache !== '') {
    zone.incr(`${KINDS.cache}${route} ${cache}`, 1);
  }
  if ((variables.offload_graphql || '') !== '') {
    countOperation(zone, operation(r), ms, classIn(labels));
  }
  if (isHeld) {
    countHeld(r, zone, route);
  }
}

function countOperation(zone: Zone, name: string, ms: number, statusClass: string): void {
  const labels = `${hasName(zone, name) ? name : ALL_OTHERS} ${statusClass}`;
  zone.incr(KINDS.operation + labels, 1);
  zone.incr(KINDS.operationSum + labels, ms);
}

function hasName(zone: Zone, name: string): boolean {
  const key = KINDS.name + name;
  if (zone.has(key)) {
    return true;
  }
  if (zone.incr(event(EVENTS.names), 1) <= MOST_OPERATIONS) {
    zone.add(key, 1);
    return true;
  }
  zone.incr(event(EVENTS.names), -1);
  zone.incr(event(EVENTS.folded), 1);
  return false;
}

function countHeld(r: NginxHTTPRequest, zone: Zone, route: string): void {
  const variables = r.variables;
  const waited = waitedMs(r);
  const ended = outcome(r);
  zone.incr(`${KINDS.outcome}${route} ${ended}`, 1);
  zone.incr(KINDS.waited + bucketOf(waited) + route, 1);
  zone.incr(KINDS.waitedSum + route, waited);
  zone.incr(KINDS.polls + route, polls(r));
  if (ended === 'result') {
    zone.incr(KINDS.late + route, lateMs(r));
    return;
  }
  if (ended !== 'lost' && (variables.offload_cancel || '') !== '') {
    zone.incr(KINDS.cancel + route, 1);
  }
  const held = ngx.shared.offload_metrics_held as Zone;
  held.delete(heldKey(variables.offload_route_name || '', variables.offload_request_id || ''));
}

/** js_set of $offload_read_operation: the name of a GraphQL request's operation. */
export function operation(r: NginxHTTPRequest): string {
  const variables = r.variables;
  return operationOf(variables.request_body || '', variables.arg_operationName || '');
}

/** js_set of $offload_metrics_ended: outcome, waited and late time in seconds of a held request, at its end. */
export function held(r: NginxHTTPRequest): string {
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

function heldKey(route: string, id: string): string {
  return `${route} ${id.slice(0, 64)}`;
}

/**
 * The waiter says that a client is held until the next attempt: a worker process that is killed leaves no client
 * behind. Nor does an attempt that ends when its client has just left: only the first one adds.
 *
 * @param told of @offload (src/shared/hop.ts)
 * @param ms until the next attempt
 * @param isFirst no poll was made for it before
 */
export function markHeld(told: string[], ms: number, isFirst: boolean): void {
  const zone = heldZone();
  if (zone === undefined) {
    return;
  }
  try {
    if (isFirst) {
      zone.set(heldKeyOf(told), Date.now() + ms);
    } else {
      zone.replace(heldKeyOf(told), Date.now() + ms);
    }
  } catch {
    // a full zone: the gauge is too low
  }
}

/** The waiter has the result: the request may end in a server without an access log, as behind a cache. */
export function markAnswered(told: string[]): void {
  const zone = heldZone();
  if (zone !== undefined) {
    zone.delete(heldKeyOf(told));
  }
}

/** Undefined without metrics/http.conf, or with njs older than 0.8.0. */
function heldZone(): Zone | undefined {
  return ngx.shared === undefined ? undefined : (ngx.shared.offload_metrics_held as Zone);
}

function heldKeyOf(told: string[]): string {
  return heldKey(told[ROUTE] || '', told[REQUEST_ID] || '');
}
