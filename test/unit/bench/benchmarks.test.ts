/** Each benchmark: the docs give valid settings, and pages say what its figures in bench/results say. */

import { readdirSync, readFileSync } from 'node:fs';
import {
  type AnyBenchmark,
  type AnyResults,
  benchmarkNames,
  loadBenchmark,
  targetOf,
} from '../../../bench/runner/definition';
import { filesOf, fillPlace, placesOf } from '../../../bench/runner/publish';
import { readSettings } from '../../../bench/runner/settings';

const read = (path: string) => readFileSync(path, 'utf8');
const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'bench/README.md'],
  ...readdirSync('docs').map((name) => `docs/${name}`),
].filter((page) => page.endsWith('.md'));
const makefile = read('Makefile');
const commands = pages.flatMap((page) => [
  ...read(page).matchAll(/\bmake (bench[\w-]*)((?: [A-Z_]+=(?:"[^"]*"|[^\s`]+))*)/g),
]);
const figuresOf = (name: string): AnyResults => JSON.parse(read(`bench/results/${name}.json`));

describe.each(benchmarkNames())('%s', (name) => {
  const target = targetOf(name);
  let its: AnyBenchmark;
  beforeAll(async () => {
    its = await loadBenchmark(name);
  });

  test('has a target in the Makefile, and its default settings are valid', () => {
    expect(makefile).toContain(`\n${target}: $(FOR_ALL)`);
    expect(makefile).toContain(`bench/runner/run.ts ${name}\n`);
    const settings = readSettings(its.settings, {});
    expect(its.check?.(settings)).toBeUndefined();
    expect(its.images(settings)).not.toEqual([]);
  });

  test('the commands in the docs have valid settings', () => {
    const own = commands.filter(([, each]) => each === target);
    expect(own.length).toBeGreaterThan(0);
    for (const [, , given = ''] of own) {
      const words = given.matchAll(/([A-Z_]+)=(?:"([^"]*)"|(\S+))/g);
      const { HELP, OUT, ...env } = Object.fromEntries(
        [...words].map(([, variable, quoted, plain]) => [variable, quoted ?? plain]),
      );
      expect(Object.keys(its.settings)).toEqual(expect.arrayContaining(Object.keys(env)));
      expect(its.check?.(readSettings(its.settings, env))).toBeUndefined();
    }
  });

  test('its files and its places in pages are what its figures say', () => {
    for (const [file, text] of Object.entries(filesOf(name, its, figuresOf(name)))) {
      expect(read(`bench/results/${file}`)).toBe(text);
    }
    for (const [page, text] of Object.entries(placesOf(its, figuresOf(name)))) {
      expect(fillPlace(read(page), `make ${target}`, text)).toBe(read(page));
    }
  });
});

test('there is no other file in bench/results, and no other marked place in a page', async () => {
  const all = await Promise.all(
    benchmarkNames().map(async (name) => ({ name, its: await loadBenchmark(name) })),
  );
  expect(readdirSync('bench/results').sort()).toEqual(
    all.flatMap(({ name, its }) => Object.keys(filesOf(name, its, figuresOf(name)))).sort(),
  );
  const marked = pages.flatMap((page) =>
    [...read(page).matchAll(/^<!-- (make [\w -]*) -->$/gm)].map(([, mark]) => `${page}: ${mark}`),
  );
  const places = all.flatMap(({ name, its }) =>
    Object.keys(placesOf(its, figuresOf(name))).map((page) => `${page}: make ${targetOf(name)}`),
  );
  expect(marked.sort()).toEqual([...places, 'docs/settings.md: make format'].sort());
});

test('each target of a command in the docs is in the Makefile', () => {
  for (const [, target] of commands) {
    expect(makefile).toContain(`\n${target}: $(FOR_ALL)`);
  }
});

test('no benchmark imports another one', () => {
  const files = readdirSync('bench', { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((each) => /^\w+\/\w+\.ts$/.test(each))) {
    expect(read(`bench/${file}`)).not.toMatch(/from '\.\.\/(?!runner\/|\.\.\/)/);
  }
});
