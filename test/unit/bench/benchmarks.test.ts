/** Each benchmark: its settings are those of the docs, and pages say what its figures in bench/results say. */

import { readdirSync, readFileSync } from 'node:fs';
import { type AnyBenchmark, benchmarkNames, loadBenchmark } from '../../../bench/runner/definition';
import { filesOf, fillPlace, placesOf } from '../../../bench/runner/publish';
import { readSettings } from '../../../bench/runner/settings';

const read = (path: string) => readFileSync(path, 'utf8');
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync('docs').map((name) => `docs/${name}`),
];
const makefile = read('Makefile');
const commands = pages.flatMap((page) => [
  ...read(page).matchAll(/\bmake (bench[\w-]*)((?: [A-Z_]+=(?:"[^"]*"|[^\s`]+))*)/g),
]);

describe.each(benchmarkNames())('%s', (name) => {
  let its: AnyBenchmark;
  const figures = () => JSON.parse(read(`bench/results/${its.file}.json`));
  beforeAll(async () => {
    its = await loadBenchmark(name);
  });

  test('has a target in the Makefile', () => {
    expect(makefile).toContain(`\n${its.target}: node_modules`);
    expect(makefile).toContain(`bench/runner/run.ts ${name}\n`);
  });

  test('its default settings are valid', () => {
    const settings = readSettings(its.settings, {});
    expect(its.check?.(settings)).toBeUndefined();
    expect(its.images(settings)).not.toEqual([]);
  });

  test('its settings are those of the table in its page, if there is one', () => {
    const [, table = ''] =
      new RegExp(`\`\`\`sh\nmake ${its.target}[ \n].*?\n(\\| variable.*?)\n\n`, 's').exec(
        read(its.page),
      ) ?? [];
    const documented = [...table.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, variable]) => variable);
    if (documented.length > 0) {
      expect(documented).toEqual([...Object.keys(its.settings), 'OUT']);
    }
    expect(documented.length > 0).toBe(!['farm', 'schedule'].includes(name));
  });

  test('the commands in the docs have valid settings', () => {
    const own = commands.filter(([, target]) => target === its.target);
    expect(own.length).toBeGreaterThan(0);
    for (const [, , given = ''] of own) {
      const { HELP, OUT, ...env } = Object.fromEntries(
        [...given.matchAll(/([A-Z_]+)=(?:"([^"]*)"|(\S+))/g)].map(([, variable, quoted, plain]) => [
          variable,
          quoted ?? plain,
        ]),
      );
      expect(Object.keys(its.settings)).toEqual(expect.arrayContaining(Object.keys(env)));
      expect(its.check?.(readSettings(its.settings, env))).toBeUndefined();
    }
  });

  test('its files in bench/results are what its figures say', async () => {
    for (const [file, text] of Object.entries(await filesOf(its, figures()))) {
      expect(read(`bench/results/${file}`)).toBe(text);
    }
  });

  test('its places in pages are what its figures say', () => {
    for (const { page, mark, text } of placesOf(its, figures())) {
      expect(fillPlace(read(page), mark, text)).toBe(read(page));
    }
  });
});

test('the README and docs have no other marked place', async () => {
  const places = await Promise.all(
    benchmarkNames().map(async (name) => {
      const its = await loadBenchmark(name);
      return placesOf(its, JSON.parse(read(`bench/results/${its.file}.json`)));
    }),
  );
  const marked = pages.flatMap((page) =>
    [...read(page).matchAll(/^<!-- ([a-z][\w -]*) -->$/gm)].map(([, mark]) => `${page}: ${mark}`),
  );
  expect(marked.sort()).toEqual(
    places
      .flat()
      .map(({ page, mark }) => `${page}: ${mark}`)
      .sort(),
  );
});

test('each target of a command in the docs is in the Makefile', () => {
  for (const [, target] of commands) {
    expect(makefile).toContain(`\n${target}: node_modules`);
  }
});
