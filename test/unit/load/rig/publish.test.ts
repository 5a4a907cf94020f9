import { fillPlace } from '../../../../load/rig/publish';

test('a generated section can be replaced repeatedly; a missing one is an error', () => {
  const text = 'a\n<!-- x -->\n<!-- /x -->\nb';
  const filled = 'a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb';
  expect(fillPlace(text, 'x', 'new\n')).toBe(filled);
  expect(fillPlace(filled, 'x', 'new\n')).toBe(filled);
  expect(() => fillPlace(text, 'y', 'new')).toThrow('<!-- y --> … <!-- /y --> is missing');
});
