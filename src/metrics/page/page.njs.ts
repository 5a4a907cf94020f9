/** The pages of metrics: js_content of nginx/metrics/server.conf and nginx/deadline/metrics.conf. */

import fs from 'fs';
import { MOST_ROUTES } from '../../offload/learning/learned';
import { ALL_OTHERS, type FamilyName } from '../families';
import { readBatches, readShifts, step, writeShifts } from '../shift';
import { collectShifts } from './changes';
import {
  add,
  type Collected,
  collect,
  head,
  lines,
  NAMES,
  newCollected,
  type Series,
  show,
  showAlways,
} from './exposition';
import { collectSchedule } from './schedule';
import statusPage from './status.html';
import { collectUp, collectUwsgi } from './uwsgi';

/** Keys and series at a time, about 1 ms: other requests of the worker process come in between. */
const KEYS_AT_ONCE = 100;
const SERIES_AT_ONCE = 5;
const MOST_KEYS = 100_000;

/** A held client whose next attempt is so late has left, in ms. */
const MOST_LATE_MS = 60_000;

interface Scrape {
  r: NginxHTTPRequest;
  collected: Collected;
}

/** js_content of `= /offload/metrics`. */
export function metrics(r: NginxHTTPRequest): void {
  const zone = ngx.shared.offload_metrics as NgxSharedDict<number>;
  const scrape: Scrape = { r, collected: newCollected() };
  showAlways(scrape.collected);
  const batches = ngx.shared.offload_metrics_batches as NgxSharedDict<string>;
  const states = ngx.shared.offload_metrics_shifts as NgxSharedDict<string>;
  const all: Step[] = [
    (then) =>
      inParts(zone.keys(MOST_KEYS), KEYS_AT_ONCE, (key) => collectKey(scrape, zone, key), then),
    (then) => collectDeadlines(scrape, then),
    (then) =>
      inParts(batches.keys(MOST_KEYS), SERIES_AT_ONCE, (key) => detect(key, batches, states), then),
    (then) =>
      inParts(
        states.keys(MOST_KEYS).sort(),
        SERIES_AT_ONCE,
        (key) => collectShifts(scrape.collected, key, readShifts(states.get(key) || '')),
        then,
      ),
    (then) => {
      add(scrape.collected, 'offload_metrics_zone_size_bytes', [], zone.capacity);
      add(scrape.collected, 'offload_metrics_zone_free_bytes', [], zone.freeSpace());
      collectHeld(scrape);
      collectSchedules(scrape);
      collectBackends(scrape, then);
    },
    () => send(scrape),
  ];
  inOrder(all);
}

type Step = (then: () => void) => void;

function inOrder(steps: Step[]): void {
  const step = steps.shift();
  if (step !== undefined) {
    step(() => inOrder(steps));
  }
}

/** Calls one function for each of a list, and another one at the end; in between, nginx goes on. */
function inParts<T>(list: T[], atOnce: number, each: (item: T) => void, then: () => void): void {
  let from = 0;
  const part = () => {
    const end = Math.min(from + atOnce, list.length);
    while (from < end) {
      each(list[from] as T);
      from++;
    }
    if (from < list.length) {
      // not 0: nginx runs timers that are due before it looks at its sockets again
      setTimeout(part, 1);
    } else {
      then();
    }
  };
  part();
}

function collectKey(scrape: Scrape, zone: NgxSharedDict<number>, key: string): void {
  const value = zone.get(key);
  if (value !== undefined) {
    collect(scrape.collected, key, value);
  }
}

/** Of deadline/counts.conf, if it is included. */
function collectDeadlines(scrape: Scrape, then: () => void): void {
  const zone = ngx.shared.offload_deadlines as NgxSharedDict<number> | undefined;
  if (zone === undefined) {
    then();
    return;
  }
  show(scrape.collected, 'offload_deadline_exceeded_total');
  inParts(zone.keys().sort(), KEYS_AT_ONCE, (key) => collectKey(scrape, zone, key), then);
}

/** js_content of `= /offload/deadlines`. */
export function deadlines(r: NginxHTTPRequest): void {
  const scrape: Scrape = { r, collected: newCollected() };
  collectDeadlines(scrape, () => send(scrape));
}

function collectHeld(scrape: Scrape): void {
  const zone = ngx.shared.offload_metrics_held as NgxSharedDict<number>;
  const now = Date.now();
  // clients may choose names of routes: an object without a prototype
  const counts: Record<string, number> = Object.create(null);
  zone.keys(MOST_KEYS).forEach((key) => {
    const until = zone.get(key);
    if (until !== undefined && until + MOST_LATE_MS < now) {
      zone.delete(key);
    } else if (until !== undefined) {
      const name = key.slice(0, key.indexOf(' '));
      const isKnown = counts[name] !== undefined || Object.keys(counts).length < MOST_ROUTES;
      const route = isKnown ? name : ALL_OTHERS;
      counts[route] = (counts[route] || 0) + 1;
    }
  });
  Object.keys(counts).forEach((route) => {
    add(scrape.collected, 'offload_held_requests', [route], counts[route] as number);
  });
}

/** The detector looks at the batches that came since the last scrape; each goes to one scrape. */
function detect(key: string, batches: NgxSharedDict<string>, states: NgxSharedDict<string>): void {
  const read = readBatches(batches.pop(key) || '');
  try {
    // the next batch begins where this one ends, unless a request has added one meanwhile
    if (read.rest !== '' && batches.freeSpace() > 0) {
      batches.add(key, read.rest);
    }
    if (read.means.length > 0 && states.freeSpace() > 0) {
      const shifts = readShifts(states.get(key) || '');
      const now = Math.floor(Date.now() / 1000);
      read.means.forEach((mean) => {
        step(shifts, mean, now);
      });
      states.set(key, writeShifts(shifts));
    }
  } catch {
    // a full zone: changes of this series are not found
  }
}

function collectSchedules(scrape: Scrape): void {
  const folder = scrape.r.variables.offload_metrics_schedule as string;
  let files: string[] = [];
  try {
    files = fs.readdirSync(folder).map(String);
  } catch {
    // nothing is learned yet, or nothing is offloaded
  }
  files
    .filter((file) => file.endsWith('.times'))
    .sort()
    .forEach((file) => {
      const name = file.slice(0, -'.times'.length);
      collectSchedule(
        scrape.collected,
        name,
        textOf(`${folder}/${file}`),
        textOf(`${folder}/${name}.plan`),
      );
    });
}

function textOf(path: string): string {
  try {
    return fs.readFileSync(path, 'utf8') as string;
  } catch {
    return '';
  }
}

/** Asks each location that `$offload_metrics_uwsgi` names, one after the other. */
function collectBackends(scrape: Scrape, then: () => void): void {
  const paths = (scrape.r.variables.offload_metrics_uwsgi || '').split(' ').filter((path) => path);
  const next = () => {
    const path = paths.shift();
    if (path === undefined) {
      then();
      return;
    }
    scrape.r.subrequest(path, { method: 'GET' }, (reply) => {
      const backend = path.slice(path.lastIndexOf('/') + 1);
      const isUp = collectUwsgi(scrape.collected, backend, reply.responseText || '');
      collectUp(scrape.collected, backend, isUp);
      next();
    });
  };
  next();
}

function send(scrape: Scrape): void {
  const r = scrape.r;
  const rows: { name: FamilyName; series: Series | undefined }[] = [];
  NAMES.forEach((name) => {
    const shown = scrape.collected.families[name];
    if (shown !== undefined) {
      rows.push({ name, series: undefined });
      shown.forEach((series) => {
        rows.push({ name, series });
      });
    }
  });
  r.headersOut['Content-Type'] = 'text/plain; version=0.0.4; charset=utf-8';
  r.status = 200;
  r.sendHeader();
  inParts(
    rows,
    SERIES_AT_ONCE,
    (row) => {
      r.send(row.series === undefined ? head(row.name) : lines(row.name, row.series));
    },
    () => r.finish(),
  );
}

/** js_content of `= /offload/status`. */
export function status(r: NginxHTTPRequest): void {
  r.headersOut['Content-Type'] = 'text/html; charset=utf-8';
  r.headersOut['Content-Security-Policy'] =
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'";
  r.headersOut['Cache-Control'] = 'no-store';
  r.return(200, statusPage);
}
