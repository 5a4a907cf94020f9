/** Jitter: a factor of a job's pauses, so that jobs that started together are not polled together. */

/** @returns 0.9 to 1.1, the same for the same text (FNV-1a and a final mix) */
export function jitterOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  // FNV-1a of texts that differ in their last characters only, as job ids do, differs little
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash ^= hash >>> 15;
  return 0.9 + ((hash >>> 0) / 0xffffffff) * 0.2;
}
