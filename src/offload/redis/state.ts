/**
 * The state of a Celery task that is not done, told by the first bytes of what Celery stores and publishes:
 * `{"status": "STARTED", "result": …`. A task may publish thousands of them (progress, retries), so what is told so is
 * not read at all.
 */

const BEFORE = '{"status": "';
const LONGEST_END = 8;

/** @returns whether it is a state that is no result; false if these bytes don't tell */
export function isState(bytes: Buffer, start: number, end: number): boolean {
  const length = BEFORE.length + LONGEST_END;
  if (end - start < length) {
    return false;
  }
  const text = bytes.toString('utf8', start, start + length);
  switch (text.slice(BEFORE.length)) {
    case 'SUCCESS"':
    case 'FAILURE"':
    case 'REVOKED"':
      return false;
    default:
      // an escape may stand for one of these letters
      return text.startsWith(BEFORE) && text.indexOf('\\') < 0;
  }
}
