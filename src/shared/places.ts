/** Names that others choose, of which a shared dictionary takes no more than so many. */

/** The methods of a shared dictionary of numbers that are used: each is a step that no other worker process comes into. */
export interface SharedNumbers {
  add(key: string, value: number): boolean;
  get(key: string): number | undefined;
  has(key: string): boolean;
  incr(key: string, by: number): number;
}

/**
 * Whether a name has a place; a new one takes one, if there is one left. Several worker processes may do this at once,
 * and each may be killed at any step: there are never more than `most` names, and at worst a place is lost. A name that
 * two of them bring at once may get the last place and be refused to one of them, this once.
 *
 * @param key exists for a name that has a place
 * @param taken key of the number of places that are taken
 * @param make called for a new name, before its key exists
 */
export function hasPlace(
  zone: SharedNumbers,
  key: string,
  taken: string,
  most: number,
  make: () => void,
): boolean {
  if (zone.has(key)) {
    return true;
  }
  if ((zone.get(taken) || 0) >= most) {
    return false;
  }
  // before the key, so that there never is a key without a place
  if (zone.incr(taken, 1) > most) {
    zone.incr(taken, -1);
    return false;
  }
  make();
  if (!zone.add(key, 0)) {
    // another process was first with this name
    zone.incr(taken, -1);
  }
  return true;
}
