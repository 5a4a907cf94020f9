import { type Ended, kindOf, replaced, statusOf } from '../../../src/deadline/decide';

const failed: Ended = {
  method: 'GET',
  deadline: '2',
  upstream_status: '502',
  upstream_response_time: '1.500',
  upstream_header_time: '-',
  isRetry: false,
};

test.each<[string, Partial<Ended>, string]>([
  ['past its deadline', { upstream_response_time: '2.000' }, 'passed'],
  ['past its deadline, a POST', { method: 'POST', upstream_response_time: '3.1' }, 'passed'],
  ['past its deadline at the last server', { upstream_response_time: '0.010, 2.1' }, 'passed'],
  ['past its deadline in the last location', { upstream_response_time: '0.010 : 2.1' }, 'passed'],
  ['without a response time', { upstream_response_time: '-' }, 'retry'],
  ['past its deadline at another server only', { upstream_response_time: '2.1 : 0.010' }, 'retry'],
  ['that failed', {}, 'retry'],
  ['that failed, a DELETE', { method: 'DELETE' }, 'retry'],
  ['that failed, a POST', { method: 'POST' }, 'failed'],
  ['that failed, a PATCH', { method: 'PATCH' }, 'failed'],
  ['that failed, a LOCK', { method: 'LOCK' }, 'failed'],
  ['that failed when it was retried', { isRetry: true }, 'failed'],
  ['that nginx passed on itself', { upstream_status: '502, 502' }, 'failed'],
  ['that nginx passed on in another location', { upstream_status: '502, 418 : 502' }, 'retry'],
  ['that the app answered', { upstream_header_time: '0.100' }, 'answered'],
  ['that the app answered at once', { upstream_header_time: '0.000' }, 'answered'],
  [
    'that the app answered with a 504 when it was signalled to end',
    { upstream_header_time: '2.1', upstream_response_time: '2.1', upstream_status: '504' },
    'passed',
  ],
  [
    'that the app answered late with a 502',
    { upstream_header_time: '2.1', upstream_response_time: '2.1', upstream_status: '502' },
    'answered',
  ],
])('a request %s', (_, ended, kind) => {
  expect(kindOf({ ...failed, ...ended })).toBe(kind);
});

test.each([
  ['502', 502],
  ['504', 504],
  ['502, 504', 504],
  ['504 : 502', 502],
  ['', 502],
])('of %j the status is %d', (list, status) => {
  expect(statusOf(list)).toBe(status);
});

test('the error log names a value that nginx replaced, and no other', () => {
  expect(replaced('$offload_deadline', '1 to 60', '30', '30')).toBe('');
  expect(replaced('$offload_deadline', '1 to 60', '9"0', '60')).toBe(
    '; $offload_deadline is not 1 to 60: "9\\u00220"',
  );
});
