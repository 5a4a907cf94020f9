/** What became of a held request, and how late its result may be. */

import { latenessOf, outcomeOf } from '../../../src/metrics/outcome';

test.each([
  ['result', { status: 200 }],
  ['result', { status: 404 }],
  ['result', { status: 500 }],
  ['result', { status: 200, outcome: 'streamed' }],
  ['result', { status: 504, outcome: 'streamed, timeout' }],
  ['hop', { status: 303, outcome: 'hop 9000', isSentOn: true }],
  ['hop', { status: 202, outcome: 'timeout', isSentOn: true }],
  ['disconnected', { status: 499, isSentOn: true }],
  ['disconnected', { status: 499 }],
  ['disconnected', { status: 499, outcome: 'timeout' }],
  ['rejected', { status: 503, isOverLimit: true }],
  ['timeout', { status: 504, outcome: 'timeout' }],
  ['timeout', { status: 200, outcome: 'timeout_in_poll' }],
  ['refused', { status: 502, outcome: 'refused' }],
  ['lost', { status: 503 }],
  ['lost', { status: 502, outcome: 'long_header' }],
])('%s: %j', (outcome, ended) => {
  expect(outcomeOf({ outcome: '', isOverLimit: false, isSentOn: false, ...ended })).toBe(outcome);
});

test.each([
  ['two polls: the last pause and both', '0.010 : 0.503, 1.004, 0.003', 1517, 2, 1007],
  ['one poll: the time since the signal', '0.010 : 0.503, 0.003', 506, 1, 506],
  ['no poll, as on Redis', '0.010 : 3.000', 3000, 0, 0],
  ['never more than the time since the signal', '0.010 : 9.000, 9.000', 500, 2, 500],
  ['an attempt whose connection failed', '0.010 : 0.503, -', 900, 2, 0],
])('lateness, %s', (_, times, waited, polls, late) => {
  expect(latenessOf(times, waited, polls)).toBe(late);
});
