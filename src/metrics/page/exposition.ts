/** The metrics in Prometheus' text format, from keys of the shared dictionary (src/metrics/series.ts). */

import { BUCKETS_MS, bucketIndex, EVENTS, KINDS, MOST_OPERATIONS, MOST_SERIES } from '../series';
import type { Shifts } from '../shift';

export interface Series {
  labels: string[];
  value: number;
  /** Observations in each bucket of a histogram, the last one without a bound. */
  buckets?: number[];
}

export interface Family {
  name: string;
  type: 'counter' | 'gauge' | 'histogram';
  help: string;
  labels: string[];
  series: Series[];
}

/** What a key counts: its family, the place of its series, and in ms what is shown in seconds. */
interface Kind {
  name: string;
  type: Family['type'];
  help: string;
  labels: string[];
  isTime: boolean;
}

function kindOf(letter: string): Kind | undefined {
  switch (letter) {
    case KINDS.bucket:
    case KINDS.sum:
      return {
        name: 'offload_http_request_duration_seconds',
        type: 'histogram',
        help: 'Time of requests by route, from the first byte of the client to the log; held ones with their wait.',
        labels: ['route', 'method', 'code'],
        isTime: letter === KINDS.sum,
      };
    case KINDS.abort:
      return {
        name: 'offload_http_client_aborts_total',
        type: 'counter',
        help: 'Clients that left: before the app answered or signalled, or while they were held.',
        labels: ['route', 'when'],
        isTime: false,
      };
    case KINDS.timeout:
      return {
        name: 'offload_http_timeouts_total',
        type: 'counter',
        help: 'Responses with status 504.',
        labels: ['route'],
        isTime: false,
      };
    case KINDS.cache:
      return {
        name: 'offload_http_cache_requests_total',
        type: 'counter',
        help: 'Requests by the answer of the cache.',
        labels: ['route', 'status'],
        isTime: false,
      };
    case KINDS.operation:
      return {
        name: 'offload_graphql_requests_total',
        type: 'counter',
        help: 'GraphQL requests by the name of the operation.',
        labels: ['operation', 'code'],
        isTime: false,
      };
    case KINDS.operationSum:
      return {
        name: 'offload_graphql_request_duration_seconds_total',
        type: 'counter',
        help: 'Sum of the times of GraphQL requests.',
        labels: ['operation', 'code'],
        isTime: true,
      };
    case KINDS.outcome:
      return {
        name: 'offload_held_requests_total',
        type: 'counter',
        help: 'Requests that were held, by what became of them.',
        labels: ['route', 'outcome'],
        isTime: false,
      };
    case KINDS.waited:
    case KINDS.waitedSum:
      return {
        name: 'offload_wait_duration_seconds',
        type: 'histogram',
        help: 'Time of held requests from the signal to their end.',
        labels: ['route'],
        isTime: letter === KINDS.waitedSum,
      };
    case KINDS.polls:
      return {
        name: 'offload_polls_total',
        type: 'counter',
        help: 'Polls of held requests that ended.',
        labels: ['route'],
        isTime: false,
      };
    case KINDS.late:
      return {
        name: 'offload_lateness_seconds_total',
        type: 'counter',
        help: 'Sum of the most that results can be late: a job ended between two polls.',
        labels: ['route'],
        isTime: true,
      };
    case KINDS.cancel:
      return {
        name: 'offload_cancels_total',
        type: 'counter',
        help: 'Held requests without a result whose app was told so.',
        labels: ['route'],
        isTime: false,
      };
    default:
      return undefined;
  }
}

/** Families by name, and of each the series by labels. Clients may choose labels: objects without a prototype. */
export interface Collected {
  families: Record<string, Family>;
  series: Record<string, Series>;
}

/** @returns the families that are always there, in the order of the page */
export function newCollected(): Collected {
  const collected: Collected = { families: Object.create(null), series: Object.create(null) };
  Object.keys(KINDS).forEach((kind) => {
    const found = kindOf(KINDS[kind as keyof typeof KINDS]);
    if (found !== undefined) {
      familyOf(collected, found);
    }
  });
  return collected;
}

function familyOf(
  collected: Collected,
  kind: { name: string; type: Family['type']; help: string; labels: string[] },
): Family {
  let family = collected.families[kind.name];
  if (family === undefined) {
    family = {
      name: kind.name,
      type: kind.type,
      help: kind.help,
      labels: kind.labels,
      series: [],
    };
    collected.families[kind.name] = family;
  }
  return family;
}

/** Adds what a key counted. */
export function collect(collected: Collected, key: string, value: number): void {
  const letter = key.charAt(0);
  const kind = kindOf(letter);
  if (kind === undefined) {
    return;
  }
  const isBucket = letter === KINDS.bucket || letter === KINDS.waited;
  const labels = key.slice(isBucket ? 2 : 1);
  const id = kind.name + labels;
  let series = collected.series[id];
  if (series === undefined) {
    series = { labels: labels.split(' '), value: 0 };
    if (kind.type === 'histogram') {
      series.buckets = BUCKETS_MS.map(() => 0).concat([0]);
    }
    collected.series[id] = series;
    familyOf(collected, kind).series.push(series);
  }
  if (isBucket) {
    (series.buckets as number[])[bucketIndex(key.charAt(1))] = value;
  } else {
    series.value = kind.isTime ? value / 1000 : value;
  }
}

/** Adds a series that is no key's. */
export function add(
  collected: Collected,
  of: { name: string; type: Family['type']; help: string; labels: string[] },
  labels: string[],
  value: number,
): void {
  familyOf(collected, of).series.push({ labels, value });
}

export function collectEvent(collected: Collected, event: string, value: number): void {
  switch (event) {
    case EVENTS.series:
      // several worker processes may try at once to be the last one
      addEvent(collected, {
        name: 'offload_metrics_series',
        type: 'gauge',
        help: 'Series of a route, a method and a class of statuses.',
        value: Math.min(value, MOST_SERIES),
      });
      break;
    case EVENTS.names:
      addEvent(collected, {
        name: 'offload_metrics_operations',
        type: 'gauge',
        help: 'Names of GraphQL operations.',
        value: Math.min(value, MOST_OPERATIONS),
      });
      break;
    case EVENTS.folded:
      addEvent(collected, {
        name: 'offload_metrics_folded_total',
        type: 'counter',
        help: 'Requests that are counted as (more), as there were too many series or names before.',
        value,
      });
      break;
    case EVENTS.lost:
      addEvent(collected, {
        name: 'offload_metrics_lost_total',
        type: 'counter',
        help: 'Requests that were not counted in full, as the zone is full.',
        value,
      });
      break;
  }
}

function addEvent(
  collected: Collected,
  of: { name: string; type: Family['type']; help: string; value: number },
): void {
  add(collected, { name: of.name, type: of.type, help: of.help, labels: [] }, [], of.value);
}

/** Collects what the detector (src/metrics/shift.ts) knows of a route and a method. */
export function collectShifts(collected: Collected, key: string, shifts: Shifts): void {
  const labels = key.split(' ').slice(0, 2);
  const names = ['route', 'method'];
  add(
    collected,
    {
      name: 'offload_route_duration_baseline_seconds',
      type: 'gauge',
      help: 'Time of a route that its requests are compared with: the median, about.',
      labels: names,
    },
    labels,
    Math.round(Math.exp(shifts.mean) - 1) / 1000,
  );
  const changes = {
    name: 'offload_route_duration_changes_total',
    type: 'counter' as const,
    help: 'Lasting changes of the time of a route: 30 % or more, for at least 80 requests.',
    labels: names.concat(['direction']),
  };
  add(collected, changes, labels.concat(['up']), shifts.ups);
  add(collected, changes, labels.concat(['down']), shifts.downs);
  if (shifts.changed > 0) {
    add(
      collected,
      {
        name: 'offload_route_duration_changed_timestamp_seconds',
        type: 'gauge',
        help: 'When the last lasting change was found.',
        labels: names,
      },
      labels,
      shifts.changed,
    );
    add(
      collected,
      {
        name: 'offload_route_duration_change_ratio',
        type: 'gauge',
        help: 'The new time of the route to the old one, at the last lasting change.',
        labels: names,
      },
      labels,
      shifts.ratio,
    );
  }
}

/** The lines above a family's series. */
export function head(family: Family): string {
  return `# HELP ${family.name} ${family.help}\n# TYPE ${family.name} ${family.type}\n`;
}

/** The lines of one series. */
export function lines(family: Family, series: Series): string {
  const labels = labelled(family.labels, series.labels);
  if (series.buckets === undefined) {
    return `${family.name}${labels === '' ? '' : `{${labels}}`} ${series.value}\n`;
  }
  let count = 0;
  let text = '';
  for (let i = 0; i < series.buckets.length; i++) {
    count += series.buckets[i] as number;
    const bound = i < BUCKETS_MS.length ? String((BUCKETS_MS[i] as number) / 1000) : '+Inf';
    text += `${family.name}_bucket{${labels},le="${bound}"} ${count}\n`;
  }
  return `${text}${family.name}_sum{${labels}} ${series.value}\n${family.name}_count{${labels}} ${count}\n`;
}

function labelled(names: string[], values: string[]): string {
  return names.map((name, i) => `${name}="${escaped(values[i] || '')}"`).join(',');
}

function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
