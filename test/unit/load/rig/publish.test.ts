import { fillPlace } from '../../../../load/rig/publish';

test('a place is filled again and again, and missed where it is not', () => {
  const text = 'a\n<!-- x -->\n<!-- /x -->\nb';
  const filled = 'a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb';
  expect(fillPlace(text, 'x', 'new\n')).toBe(filled);
  expect(fillPlace(filled, 'x', 'new\n')).toBe(filled);
  expect(() => fillPlace(text, 'y', 'new')).toThrow('there is no place <!-- y -->');
});
