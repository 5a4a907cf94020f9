import {
  DEFAULTS,
  LONGEST_PAUSE_MS,
  LONGEST_TIMEOUT_MS,
  readSettings,
  readTimeout,
} from '../../../../src/offload/schedule/settings';

const defaults = { timeout: 60_000, interval: 250, backoff: 0.1, maxInterval: 30_000 };

test('settings are read from texts as nginx has them', () => {
  expect(readSettings('5m', '500ms', '2.5%', '1m 30s')).toEqual({
    timeout: 300_000,
    interval: 500,
    backoff: 0.025,
    maxInterval: 90_000,
    complaint: '',
  });
});

test('the defaults can be read, and replace what can not', () => {
  const { timeout, interval, backoff, max_interval } = DEFAULTS;
  expect(readSettings(timeout, interval, backoff, max_interval)).toEqual({
    ...defaults,
    complaint: '',
  });
  expect(readSettings('', '', '', '')).toMatchObject(defaults);
});

test('the timeout alone is read as with the other settings', () => {
  expect(readTimeout('5m')).toBe(300_000);
  expect(readTimeout('soon')).toBe(60_000);
  expect(readTimeout('25h')).toBe(60_000);
});

const wrong: [string, string, string, string, string, string][] = [
  ['never', '250ms', '10%', '30s', '$offload_timeout is "never"', '60s'],
  ['60s', '1ms', '10%', '30s', '$offload_interval is "1ms"', '250ms'],
  ['60s', '250ms', '10', '30s', '$offload_backoff is "10"', '10%'],
  ['60s', '250ms', '10%', '', '$offload_max_interval is ""', '30s'],
];

test.each(wrong)(
  'of %s, %s, %s, %s the wrong one is replaced by its default, and said',
  (timeout, interval, backoff, maxInterval, said, fallback) => {
    const { complaint, ...settings } = readSettings(timeout, interval, backoff, maxInterval);
    expect(settings).toEqual(defaults);
    expect(complaint).toContain(said);
    expect(complaint).toContain(`: ${fallback} is used`);
    expect(complaint.match(/is used/g)).toHaveLength(1);
  },
);

test('each wrong setting is said, and right ones are kept', () => {
  const settings = readSettings('x', '1s', 'y', 'z');
  expect(settings).toMatchObject({ ...defaults, interval: 1_000 });
  expect(settings.complaint.match(/\$offload_\w+/g)).toEqual([
    '$offload_timeout',
    '$offload_backoff',
    '$offload_max_interval',
  ]);
});

test.each([
  ['10ms', 10],
  ['1h', LONGEST_PAUSE_MS],
])('a time at the edge of the range is taken: %s', (text, ms) => {
  expect(readSettings(text, text, '10%', text)).toMatchObject({
    timeout: ms,
    interval: ms,
    maxInterval: ms,
    complaint: '',
  });
});

test('a timeout may be a day, a pause an hour', () => {
  expect(readSettings('1d', '1h', '10%', '1h')).toMatchObject({
    timeout: LONGEST_TIMEOUT_MS,
    interval: LONGEST_PAUSE_MS,
    complaint: '',
  });
  expect(readSettings('86400001ms', '3600001ms', '10%', '3600001ms')).toMatchObject(defaults);
});

test.each(['0', '9ms', '25h'])('a time out of range is replaced: %s', (text) => {
  expect(readSettings(text, text, '10%', text)).toMatchObject(defaults);
});

test.each([
  ['0%', 0],
  ['10%', 0.1],
  ['2.5%', 0.025],
  ['100%', 1],
  ['200%', 2],
])('a backoff of %s is %d', (text, share) => {
  const settings = readSettings('60s', '250ms', text, '30s');
  expect(settings.backoff).toBeCloseTo(share, 12);
  expect(settings.complaint).toBe('');
});

test.each([
  '',
  '%',
  '10',
  '0.1',
  '-1%',
  '+1%',
  ' 1%',
  '.5%',
  '1x%',
  '1%%',
  '200.1%',
  '1,5%',
  '1.2.3%',
  '1e1%',
  '0x10%',
  '1 %',
])('a backoff of %j is replaced', (text) => {
  const settings = readSettings('60s', '250ms', text, '30s');
  expect(settings.backoff).toBe(0.1);
  expect(settings.complaint).not.toBe('');
});
