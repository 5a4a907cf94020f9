/** A factor of a job's own, so that jobs that came together are not polled together. */

/** @returns 0.9 to 1.1, always the same for the same text (FNV-1a, mixed once more) */
export function jitterOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  // FNV leaves texts that differ in their last characters, as job ids do, close together
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash ^= hash >>> 15;
  return 0.9 + ((hash >>> 0) / 0xffffffff) * 0.2;
}
