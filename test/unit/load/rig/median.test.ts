import { median } from '../../../../load/rig/median';

test('a median may lie between two of the values', () => {
  expect(median([3, 1, 2, 4])).toBe(2.5);
  expect(median([3, 1, 2])).toBe(2);
});
