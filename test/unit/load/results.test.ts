/** That load/results and pages say what the figures in load/results say, and nothing else. */

import { readdirSync, readFileSync } from 'node:fs';
import { publication as cache } from '../../../load/cache/publication';
import { publication as comparison } from '../../../load/comparison/publication';
import { publication as deadline } from '../../../load/deadline/publication';
import { publication as farm } from '../../../load/farm/publication';
import { publication as overhead } from '../../../load/overhead/publication';
import { fillPlace, type Publication } from '../../../load/rig/publish';
import { publication as scale } from '../../../load/scale/publication';
import { outcome, results } from './comparison/outcomes';

const NONE = { page: '', mark: '', text: '' };

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

describe.each(publications)('%s', (_, { files }) => {
  test.each(Object.entries(files))('load/results/%s is what its figures say', (name, text) => {
    expect(read(`load/results/${name}`)).toBe(text);
  });
});

const places = publications.flatMap(([, publication]) => publication.places ?? []);

test.each(places.map(({ page, mark, text }) => [mark, page, text]))(
  'the place of %s in %s is what its figures say',
  (mark, page, text) => {
    const whole = read(page);
    expect(fillPlace(whole, mark, text)).toBe(whole);
  },
);

test('the README and docs have no other marked place', () => {
  const pages = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)];
  const marked = pages.flatMap((page) =>
    [...read(page).matchAll(/^<!-- (make [\w-]+) -->$/gm)].map(([, mark]) => `${page}: ${mark}`),
  );
  expect(marked.sort()).toEqual(places.map(({ page, mark }) => `${page}: ${mark}`).sort());
});

test('the README links to the whole tables, and has fewer columns', () => {
  const { files, places: [readme] = [] } = comparison(figures('latest'));
  expect(readme?.page).toBe('README.md');
  expect(files['table.md']).toContain('right/s');
  expect(readme?.text).not.toContain('| right/s');
  expect(readme?.text).toContain('(load/results/table.md)');
});

test('other figures change the README only in the generated section', () => {
  const page = read('README.md');
  const [{ mark, text } = NONE] = comparison(results(outcome('offload'))).places ?? [];
  const other = fillPlace(page, mark, text);
  expect(other).not.toBe(page);
  const [{ text: own } = NONE] = comparison(figures('latest')).places ?? [];
  expect(fillPlace(other, mark, own)).toBe(page);
});
