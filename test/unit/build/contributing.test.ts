/** Each path in the table of CONTRIBUTING.md, "Where do I change …", exists. */

import { existsSync, readFileSync } from 'node:fs';

const FOLDERS: Record<string, string[]> = {
  src: ['src'],
  nginx: ['nginx'],
  docs: ['docs'],
  'test/*': ['test/unit', 'test/integration'],
};

const [, section = ''] =
  /\n## Where do I change (.*?)\n## /s.exec(readFileSync('CONTRIBUTING.md', 'utf8')) ?? [];
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .map((line) => line.split('|').slice(1, -1));
const [heads = [], , ...capabilities] = rows;

const cells = capabilities.flatMap(([name = '', ...paths]) =>
  paths.flatMap((cell, column) =>
    [...cell.matchAll(/`(.*?)`/g)].map(([, path = '']): [string, string, string] => [
      name.trim(),
      heads[column + 1]?.trim().slice(1, -2) ?? '',
      path,
    ]),
  ),
);

test('the table has a path for each column', () => {
  expect([...new Set(cells.map(([, column]) => column))].sort()).toEqual(
    Object.keys(FOLDERS).sort(),
  );
  expect(cells.length).toBeGreaterThan(30);
});

test.each(cells)('%s: %s/, %s', (_, column, path) => {
  const places = FOLDERS[column]?.map((folder) => `${folder}/${path}`) ?? [];
  expect(places.filter(existsSync)).not.toEqual([]);
});
