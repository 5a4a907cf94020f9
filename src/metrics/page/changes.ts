/** What the detector (src/metrics/shift.ts) knows of a route and a method. */

import type { Shifts } from '../shift';
import { add, type Collected } from './exposition';

/** @param key route, method and class */
export function collectShifts(collected: Collected, key: string, shifts: Shifts): void {
  const labels = key.split(' ').slice(0, 2);
  const usual = Math.round(Math.exp(shifts.mean) - 1) / 1000;
  add(collected, 'offload_route_duration_baseline_seconds', labels, usual);
  const name = 'offload_route_duration_changes_total';
  add(collected, name, labels.concat(['up']), shifts.ups);
  add(collected, name, labels.concat(['down']), shifts.downs);
  if (shifts.changed > 0) {
    const when = shifts.changed;
    add(collected, 'offload_route_duration_changed_timestamp_seconds', labels, when);
    add(collected, 'offload_route_duration_change_ratio', labels, shifts.ratio);
  }
}
