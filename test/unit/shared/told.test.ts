/** What @offload tells the waiter, as the snippet writes it and the waiter reads it. */

import { readJob } from '../../../src/offload/signal/signal';
import { isRefusal } from '../../../src/shared/checked';
import * as words from '../../../src/shared/told';
import { headerTe, told } from '../../../testkit/clients/told';

const ALL = {
  since: '1700000000.500',
  fault: '1',
  timeout: '1h 30m',
  interval: '250ms',
  backoff: '10%',
  maxInterval: '30s',
  transient: '500 520',
  pollCost: 'off',
  route: 'reports',
  scheme: 'https',
  port: '8443',
  requestId: '0af7651916cd43dd8448eb211c80319c',
  retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT',
  url: '/poll?tenant=7',
  args: '42',
  cancel: '/jobs/42',
};

test('each value has the place that the snippet gives it', () => {
  const read = told(ALL);
  expect({
    since: read[words.SINCE],
    fault: read[words.FAULT],
    timeout: read[words.TIMEOUT],
    interval: read[words.INTERVAL],
    backoff: read[words.BACKOFF],
    maxInterval: read[words.MAX_INTERVAL],
    transient: read[words.TRANSIENT],
    pollCost: read[words.POLL_COST],
    route: read[words.ROUTE],
    scheme: read[words.SCHEME],
    port: read[words.PORT],
    requestId: read[words.REQUEST_ID],
    retryAfter: read[words.RETRY_AFTER],
    url: read[words.URL],
    args: read[words.ARGS],
    cancel: read[words.CANCEL],
  }).toEqual(ALL);
});

test('the address stands alone behind a space, where real_ip_header finds it', () => {
  expect(headerTe(ALL)).toMatch(/\t 127\.0\.0\.1$/);
});

test.each([
  ['url', '/admin\t/7'],
  ['args', '42\t/admin'],
  ['cancel', '/jobs/42\t'],
  ['retryAfter', '5\t/admin\t7\t/jobs/7'],
  ['requestId', 'a\tb'],
  ['timeout', '5m\t'],
])('with a tab in %s, nothing is polled or cancelled', (name, value) => {
  const read = told({ ...ALL, [name]: value });
  expect(isRefusal(readJob(read[words.URL] ?? '', read[words.ARGS] ?? ''))).toBe(true);
  expect(read[words.CANCEL]).toBe('');
});

test('a tab of the app changes none of the settings', () => {
  const read = told({ ...ALL, retryAfter: '\t', url: '\t\t', args: '\t', cancel: '\t' });
  expect(read.slice(0, words.RETRY_AFTER)).toEqual(told(ALL).slice(0, words.RETRY_AFTER));
});

test.each([undefined, '', 'trailers'])('a header of %p names no job', (te) => {
  const read = words.readTold(te);
  expect(read[words.URL]).toBe('');
  expect(read[words.CANCEL]).toBe('');
});
