import { count, duration, percent, text } from '../../../../load/client/variables';

test('an unset variable has its default', () => {
  expect(text({}, 'URL', 'http://localhost')).toBe('http://localhost');
  expect(count({}, 'REQUESTS', '2000')).toBe(2000);
  expect(duration({}, 'JOB', '10s')).toBe(10_000);
  expect(percent({}, 'RIGHT', '100%')).toBe(1);
});

test.each([
  ['0s', 0],
  ['250ms', 250],
  ['1.5s', 1500],
  ['2m', 120_000],
  ['1h', 3_600_000],
])('%s is %d ms', (value, ms) => {
  expect(duration({ JOB: value }, 'JOB', '10s')).toBe(ms);
});

test.each(['', '10', 's', '-1s', '10 s', '10sec', '1,5s', '1h30m', '1e3s'])(
  '%j is not a duration; the error names the variable',
  (value) => {
    expect(() => duration({ JOB: value }, 'JOB', '10s')).toThrow(`JOB=${value}: not a duration`);
  },
);

test.each(['', '0', '-1', '1.5', '1e3', '0x10', ' 1', '1234567890'])(
  '%j is not a count; the error names the variable',
  (value) => {
    const read = () => count({ REQUESTS: value }, 'REQUESTS', '2000');
    expect(read).toThrow(`REQUESTS=${value}: not a whole number`);
  },
);

test.each(['', '1', '%', '100.1%', '-1%', '99,9%', '0.999'])(
  '%j is not a percentage; the error names the variable',
  (value) => {
    const read = () => percent({ RIGHT: value }, 'RIGHT', '100%');
    expect(read).toThrow(`RIGHT=${value}: not a share`);
  },
);
