import { asOptions, readThresholds } from '../../../../load/client/thresholds';

test('by default all responses must be right, with any latency', () => {
  expect(asOptions(readThresholds({}, 2000))).toEqual({ right: ['count>=2000'] });
});

test('each threshold is named by its variable', () => {
  const thresholds = readThresholds({ RIGHT: '99.9%', ADDED_P95: '1s', ADDED_MAX: '2.5s' }, 2000);
  expect(thresholds.map(({ name }) => name)).toEqual([
    'RIGHT=99.9%',
    'ADDED_P95=1s',
    'ADDED_MAX=2.5s',
  ]);
  expect(asOptions(thresholds)).toEqual({
    right: ['count>=1998'],
    added: ['p(95)<=1000', 'max<=2500'],
  });
});

test('an invalid threshold is an error that names the variable', () => {
  expect(() => readThresholds({ ADDED_P99: 'soon' }, 1)).toThrow('ADDED_P99=soon');
  expect(() => readThresholds({ RIGHT: 'all' }, 1)).toThrow('RIGHT=all');
});
