/**
 * Who is held now: a shared dictionary of metrics/http.conf, if it is included. A key is a route and the id of a
 * request; its value is until when the client is held at most, so that a worker process that is killed leaves none behind.
 */

import { REQUEST_ID, ROUTE } from '../../shared/told';

type Zone = NgxSharedDict<number>;

/**
 * The waiter says that a client is held until the next attempt. Nor does an attempt that ends when its client has just
 * left leave one behind: only the first one adds.
 *
 * @param told of @offload (src/shared/told.ts)
 * @param ms until the next attempt
 * @param isFirst no poll was made for it before
 */
export function markHeld(told: string[], ms: number, isFirst: boolean): void {
  const zone = heldZone();
  if (zone === undefined) {
    return;
  }
  const key = keyOf(told[ROUTE] || '', told[REQUEST_ID] || '');
  try {
    if (!isFirst) {
      zone.replace(key, Date.now() + ms);
    } else if (zone.freeSpace() > 0) {
      zone.set(key, Date.now() + ms);
    }
  } catch {
    // a full zone: the gauge is too low
  }
}

/** The waiter has the result: the request may end in a server without an access log, as behind a cache. */
export function markAnswered(told: string[]): void {
  removeHeld(told[ROUTE] || '', told[REQUEST_ID] || '');
}

/**
 * @param route of the request; empty if it has none
 * @param id $offload_request_id
 */
export function removeHeld(route: string, id: string): void {
  const zone = heldZone();
  if (zone !== undefined) {
    zone.delete(keyOf(route, id));
  }
}

/** Undefined without metrics/http.conf, or with njs older than 0.8.0. */
function heldZone(): Zone | undefined {
  return ngx.shared === undefined ? undefined : (ngx.shared.offload_metrics_held as Zone);
}

function keyOf(route: string, id: string): string {
  return `${route} ${id.slice(0, 64)}`;
}
