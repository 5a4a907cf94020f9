import { asMetrics } from '../../../src/deadline/counts';
import { type Ended, kindOf, statusOf } from '../../../src/deadline/decide';

const broken: Ended = {
  method: 'GET',
  deadline: '2',
  upstream_status: '502',
  upstream_response_time: '1.500',
  upstream_header_time: '-',
  isAskedAgain: false,
};

test.each<[string, Partial<Ended>, string]>([
  ['reached its deadline', { upstream_response_time: '2.000' }, 'passed'],
  ['reached its deadline as a POST', { method: 'POST', upstream_response_time: '3.1' }, 'passed'],
  ['reached it at the last server', { upstream_response_time: '0.010, 2.1' }, 'passed'],
  ['reached it in the last location', { upstream_response_time: '0.010 : 2.1' }, 'passed'],
  ['is no number of seconds', { upstream_response_time: '-' }, 'again'],
  ['reached it at another server', { upstream_response_time: '2.1 : 0.010' }, 'again'],
  ['broke off', {}, 'again'],
  ['broke off, a DELETE', { method: 'DELETE' }, 'again'],
  ['broke off, a POST', { method: 'POST' }, 'broken'],
  ['broke off, a PATCH', { method: 'PATCH' }, 'broken'],
  ['broke off for the second time', { isAskedAgain: true }, 'broken'],
  ['nginx passed on by itself', { upstream_status: '502, 502' }, 'broken'],
  ['was passed on in another location', { upstream_status: '502, 418 : 502' }, 'again'],
  ['the app answered', { upstream_header_time: '0.100' }, 'answered'],
  ['the app answered at once', { upstream_header_time: '0.000' }, 'answered'],
  [
    'the app answered with a 504 when it was told to end',
    { upstream_header_time: '2.1', upstream_response_time: '2.1', upstream_status: '504' },
    'passed',
  ],
  [
    'the app answered late with a 502',
    { upstream_header_time: '2.1', upstream_response_time: '2.1', upstream_status: '502' },
    'answered',
  ],
])('what %s', (_, ended, kind) => {
  expect(kindOf({ ...broken, ...ended })).toBe(kind);
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

test('counts are lines that Prometheus reads, whatever the names have in them', () => {
  expect(
    asMetrics([
      ['reports', 3],
      ['a"b\\c\nd', 1],
    ]),
  ).toBe(`# HELP offload_deadline_exceeded_total Requests that ran past the deadline of their route.
# TYPE offload_deadline_exceeded_total counter
offload_deadline_exceeded_total{route="a\\"b\\\\c\\nd"} 1
offload_deadline_exceeded_total{route="reports"} 3
`);
});

test('a LOCK that broke off is not asked for once more', () => {
  expect(kindOf({ ...broken, method: 'LOCK' })).toBe('broken');
});

test('the lines of the counts are in the order of their routes', () => {
  const routes = ['c', 'a', 'd', 'b', 'e'];
  const lines = asMetrics(routes.map((route) => [route, 1])).split('\n');
  expect(lines.map((line) => /route="(.)"/.exec(line)?.[1] ?? '').join('')).toBe('abcde');
});
