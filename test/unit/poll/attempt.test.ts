/** An attempt, as its headers describe it. */

import { readAttempt } from '../../../src/poll/attempt';

const headers = {
  Host: 'example.com',
  'X-Offload-Since': '1700000000.5',
  'X-Offload-Url': '/poll',
  'X-Offload-Args': '7',
  'X-Offload-Timeout': '5m',
  'X-Offload-Interval': '1s',
  'X-Offload-Backoff': '20%',
  'X-Offload-Max-Interval': '1m',
  'X-Offload-Transient': '500',
  'X-Offload-Poll-Cost': '50ms',
  'X-Offload-Route': 'reports',
};

test('all that @offload sends is read', () => {
  expect(readAttempt(headers, false)).toEqual({
    job: { path: '/poll/7', query: '' },
    signal: '/poll 7',
    settings: {
      timeout: 300_000,
      interval: 1_000,
      backoff: 0.2,
      maxInterval: 60_000,
      complaint: '',
    },
    transient: ' 500 ',
    since: 1_700_000_000_500,
    hash: expect.any(Number),
    route: 'route-reports',
    plan: undefined,
    isLearned: true,
    notBefore: 0,
    host: 'example.com',
    headersOnly: false,
    inPlace: false,
  });
});

test('a signal without arguments is its URL', () => {
  const attempt = readAttempt({ ...headers, 'X-Offload-Args': '' }, false);
  expect(attempt).toMatchObject({ signal: '/poll', job: { path: '/poll' } });
});

test('without a name, the path of the signal is the route', () => {
  const route = (more: object) => readAttempt({ ...headers, ...more }, false).route;
  expect(route({ 'X-Offload-Route': 'other' })).toMatch(/^path-/);
  expect(route({ 'X-Offload-Route': '' })).toBe(route({ 'X-Offload-Route': 'other' }));
  expect(readAttempt({ 'X-Offload-Url': '/poll' }, false).route).toBe(
    route({ 'X-Offload-Route': '' }),
  );
});

test('jobs differ in their hash by the time, the URL and the arguments', () => {
  const hash = (more: object) => readAttempt({ ...headers, ...more }, false).hash;
  const all = [
    hash({}),
    hash({ 'X-Offload-Since': '1700000000.6' }),
    hash({ 'X-Offload-Url': '/other' }),
    hash({ 'X-Offload-Args': '8' }),
  ];
  expect(new Set(all).size).toBe(4);
  expect(hash({})).toBe(hash({ 'X-Offload-Timeout': '1m' }));
});

test('what can not be read is named in the complaint, as it was sent', () => {
  const { settings, transient } = readAttempt(
    { ...headers, 'X-Offload-Transient': '5xx', 'X-Offload-Poll-Cost': '-1' },
    false,
  );
  expect(transient).toBe('');
  expect(settings.complaint).toBe(
    '$offload_poll_cost is "-1", which is no time in its range: 25ms is used; ' +
      '$offload_transient is "5xx", which is no list of statuses: it is ignored; ',
  );
});

test('headers that are not there are empty', () => {
  const { settings, host, notBefore } = readAttempt({}, false);
  expect({ host, notBefore }).toEqual({ host: '', notBefore: 0 });
  expect(settings.complaint.match(/ is "", which/g)).toHaveLength(5);
});

test('"off" learns nothing', () => {
  expect(readAttempt({ ...headers, 'X-Offload-Poll-Cost': 'off' }, false).isLearned).toBe(false);
});

test('after a fault, and in place, polls are for the header alone', () => {
  expect(readAttempt({ ...headers, 'X-Offload-Fault': '1' }, false).headersOnly).toBe(true);
  expect(readAttempt(headers, true)).toMatchObject({ headersOnly: true, inPlace: true });
});

test('Retry-After of the signal is read from its time on', () => {
  const notBefore = (value: string) =>
    readAttempt({ ...headers, 'X-Offload-Retry-After': value }, false).notBefore;
  expect(notBefore('5')).toBe(5_000);
  expect(notBefore(new Date(1_700_000_010_000).toUTCString())).toBe(9_500);
  expect(notBefore('soon')).toBe(0);
  expect(notBefore('86400')).toBe(299_000);
});
