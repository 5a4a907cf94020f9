import { median } from '../../../../load/rig/median';

test('the median of an even number of values is the mean of the middle two', () => {
  expect(median([3, 1, 2, 4])).toBe(2.5);
  expect(median([3, 1, 2])).toBe(2);
});
