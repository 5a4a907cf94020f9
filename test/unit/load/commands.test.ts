/** The benchmark commands in the docs have existing targets and valid settings. */

import { readFileSync } from 'node:fs';
import * as cache from '../../../load/cache/settings';
import * as comparison from '../../../load/comparison/settings';
import * as deadline from '../../../load/deadline/settings';
import * as overhead from '../../../load/overhead/settings';
import { settingsIn } from '../../../load/rig/command';
import type { Environment } from '../../../load/rig/settings';
import * as scale from '../../../load/scale/settings';

interface Benchmark {
  help: string;
  readSettings: (env: Environment) => unknown;
  page: string;
}

const benchmarks: Record<string, Benchmark> = {
  bench: { ...comparison, page: 'benchmark' },
  'bench-scale': { ...scale, page: 'scale' },
  'bench-overhead': { ...overhead, page: 'scale' },
  'bench-deadline': { ...deadline, page: 'deadline' },
  'bench-cache': { ...cache, page: 'cache' },
};

const pages = [
  'README.md',
  'docs/benchmark.md',
  'docs/deadline.md',
  'docs/scale.md',
  'docs/cache.md',
  'CONTRIBUTING.md',
];
const text = pages.map((path) => readFileSync(path, 'utf8')).join('\n');
const makefile = readFileSync('Makefile', 'utf8');
const commands = [...text.matchAll(/\bmake (bench[\w-]*)((?: [A-Z_]+=(?:"[^"]*"|[^\s`]+))*)/g)];

test('each target is in the Makefile', () => {
  expect(commands.length).toBeGreaterThan(10);
  for (const [, target] of commands) {
    expect(makefile).toContain(`\n${target}: node_modules`);
  }
});

test('each setting of a command is known to the benchmark and has a valid value', () => {
  for (const [, target = '', given = ''] of commands) {
    const benchmark = benchmarks[target];
    const env = Object.fromEntries(
      [...given.matchAll(/([A-Z_]+)=(?:"([^"]*)"|(\S+))/g)].map(([, name, quoted, plain]) => [
        name,
        quoted ?? plain,
      ]),
    );
    const { HELP, ...settings } = env;
    if (benchmark !== undefined) {
      expect(settingsIn(benchmark.help)).toEqual(expect.arrayContaining(Object.keys(settings)));
      expect(() => benchmark.readSettings(settings)).not.toThrow();
    }
  }
});

test.each(Object.entries(benchmarks))(
  '%s: the help and the docs have the same settings',
  (target, { help, page }) => {
    const whole = readFileSync(`docs/${page}.md`, 'utf8');
    const [, table = ''] =
      new RegExp(`\`\`\`sh\nmake ${target}[ \n].*?\n(\\| variable.*?)\n\n`, 's').exec(whole) ?? [];
    const documented = [...table.matchAll(/^\| `([A-Z_]+)`/gm)].map(([, name]) => name);
    expect(documented).toEqual(settingsIn(help));
  },
);
