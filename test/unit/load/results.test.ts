/** The pages in load/results, the README and the docs are generated from the figures in load/results. */

import { readFileSync } from 'node:fs';
import { publication as cache } from '../../../load/cache/publication';
import { publication as comparison } from '../../../load/comparison/publication';
import { publication as deadline } from '../../../load/deadline/publication';
import { publication as farm } from '../../../load/farm/publication';
import { publication as overhead } from '../../../load/overhead/publication';
import { fillPlace, type Publication } from '../../../load/rig/publish';
import { publication as scale } from '../../../load/scale/publication';
import { outcome, results } from './comparison/outcomes';

const read = (path: string) => readFileSync(path, 'utf8');
const figures = (name: string) => JSON.parse(read(`load/results/${name}.json`));
const publications: [string, Publication][] = [
  ['make bench', comparison(figures('latest'))],
  ['make bench-scale', scale(figures('scale'))],
  ['make bench-overhead', overhead(figures('overhead'))],
  ['make bench-deadline', deadline(figures('deadline'))],
  ['make bench-cache', cache(figures('cache'))],
  ['make bench-farm', farm(figures('farm'))],
];

describe.each(publications)('%s', (_, { files, readme }) => {
  test.each(Object.entries(files))(
    'load/results/%s is up to date (make bench-table)',
    (name, text) => {
      expect(read(`load/results/${name}`)).toBe(text);
    },
  );

  test('its section of the README or of a docs page is up to date (make bench-table)', () => {
    const page = read(readme?.page ?? 'README.md');
    expect(readme === undefined ? page : fillPlace(page, readme.place, readme.text)).toBe(page);
  });
});

test('the README has fewer columns, and a link to the complete table', () => {
  const { files, readme } = comparison(figures('latest'));
  expect(files['table.md']).toContain('right/s');
  expect(readme?.text).not.toContain('| right/s');
  expect(readme?.text).toContain('(load/results/table.md)');
});

test('other figures change the README only in the generated section', () => {
  const page = read('README.md');
  const { place = '', text = '' } = comparison(results(outcome('offload'))).readme ?? {};
  const other = fillPlace(page, place, text);
  expect(other).not.toBe(page);
  const { text: own = '' } = comparison(figures('latest')).readme ?? {};
  expect(fillPlace(other, place, own)).toBe(page);
});
