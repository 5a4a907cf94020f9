/** What docs/load.md tells users to run, on a service as they have it. */

import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { findK6 } from '../../../testkit/clients/k6';

const run = promisify(execFile);
const docs = readFileSync('docs/load.md', 'utf8');
const STAGING = 'https://staging.example.com';
const WORK_MS = 2000;

/** @returns the code blocks of a language */
const blocks = (page: string, language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'))].map(
    ([, code]) => code ?? '',
  );

/** POST /labels returns a JSON label for the order, GET /labels a line of text. */
const service = http.createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '', STAGING);
  const body = await text(request);
  if (pathname !== '/labels') {
    response.end('fine\n');
  } else if (request.method === 'POST') {
    const { order } = JSON.parse(body);
    setTimeout(() => response.end(JSON.stringify({ label: 1, order })), WORK_MS);
  } else {
    setTimeout(() => response.end(`label of ${searchParams.get('order')}\n`), WORK_MS);
  }
});

/** Contains a clone of nginx-offload and a user's repository. */
let folder: string;
let k6: string;

beforeAll(async () => {
  k6 = findK6();
  folder = mkdtempSync(join(tmpdir(), 'offload-docs-'));
  mkdirSync(join(folder, 'my-service'));
  cpSync('load', join(folder, 'nginx-offload/load'), { recursive: true });
  await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  service.closeAllConnections();
  service.close();
});

/** @param repository a subfolder of `folder` */
async function shell(repository: string, code: string, env: Record<string, string> = {}) {
  const local = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  const { stdout } = await run('bash', ['-c', code.replaceAll(STAGING, local)], {
    cwd: join(folder, repository),
    env: {
      PATH: `${dirname(k6)}:${process.env.PATH}`,
      HOME: folder,
      K6_NO_USAGE_REPORT: 'true',
      ...Object.fromEntries(
        Object.entries(env).map(([name, value]) => [name, value.replaceAll(STAGING, local)]),
      ),
    },
  });
  return stdout;
}

describe('docs/load.md', () => {
  const [copy = '', first = '', second = '', script = ''] = blocks(docs, 'sh');

  test('has no command that is not tested here', () => {
    expect(blocks(docs, 'sh')).toHaveLength(4);
    expect(blocks(docs, 'yaml')).toHaveLength(2);
  });

  test('the copied scripts run, and the first command prints the rows shown', async () => {
    await shell('nginx-offload', copy);
    const output = await shell('my-service', first);
    expect(output).toContain('right          60 of 60\n');
    // the same rows, with other figures
    const rows = (printed: string) =>
      printed.split('\n').flatMap((line) => /^ {2}([a-z].{14})\S/i.exec(line)?.[1] ?? []);
    const [, shown = ''] = /```\n(20 connections.*?)```/s.exec(docs) ?? [];
    expect(rows(shown).length).toBeGreaterThan(5);
    expect(rows(output)).toEqual(rows(shown));
  });

  test('the command with a GET passes', async () => {
    expect(await shell('my-service', second)).toContain('right          60 of 60\n');
  });

  test('the shell script of a CI passes', async () => {
    const output = await shell('my-service', script);
    expect(output.match(/kept {11}RIGHT=100%/g)).toHaveLength(3);
  });

  test('the step of the GitHub Actions job passes, and writes its figures', async () => {
    const { steps } = parse(blocks(docs, 'yaml')[0] ?? '').jobs.load;
    const step = steps.find((each: { run?: string }) => each.run !== undefined);
    const env = Object.entries(step.env).map(([name, value]) => [name, String(value)]);
    const output = await shell('my-service', step.run, Object.fromEntries(env));
    expect(output).toContain('right          60 of 60\n');
    const { path } = steps.at(-1).with;
    const figures = JSON.parse(readFileSync(join(folder, 'my-service', path), 'utf8'));
    expect(figures).toMatchObject({ requests: 60, right: 60 });
  });

  test('the GitLab CI job passes, and writes its figures', async () => {
    const { variables, script: commands, artifacts } = parse(blocks(docs, 'yaml')[1] ?? '').load;
    const output = await shell('my-service', commands.join('\n'), variables);
    expect(output).toContain('right          60 of 60\n');
    const figures = JSON.parse(
      readFileSync(join(folder, 'my-service', artifacts.paths[0]), 'utf8'),
    );
    expect(figures).toMatchObject({ requests: 60, right: 60 });
  });

  test('actionlint finds no error in the GitHub Actions workflow', async () => {
    const file = join(folder, 'load.yml');
    writeFileSync(file, blocks(docs, 'yaml')[0] ?? '');
    const { stdout } = await run('bash', ['-c', `$(build/setup/actionlint.sh) '${file}'`]);
    expect(stdout).toBe('');
    writeFileSync(file, (blocks(docs, 'yaml')[0] ?? '').replace('runs-on', 'run-on'));
    await expect(run('bash', ['-c', `$(build/setup/actionlint.sh) '${file}'`])).rejects.toThrow();
  }, 300_000);

  test("the GitLab CI job is valid by GitLab's schema", async () => {
    const file = join(folder, '.gitlab-ci.yml');
    const check = () =>
      run('bash', [
        '-c',
        `$(build/setup/check-jsonschema.sh) --builtin-schema vendor.gitlab-ci '${file}'`,
      ]);
    writeFileSync(file, blocks(docs, 'yaml')[1] ?? '');
    expect((await check()).stdout).toContain('ok -- validation done');
    writeFileSync(file, (blocks(docs, 'yaml')[1] ?? '').replace('artifacts', 'artefacts'));
    await expect(check()).rejects.toThrow();
  }, 300_000);
});

/** @returns `NAME=default` of the variables that a file of load/ reads, without a default where there is none */
function variablesIn(name: string): string[] {
  const source = readFileSync(`load/${name}.ts`, 'utf8');
  const found = new Map<string, string>();
  for (const [variable] of source.matchAll(/(?<=__ENV\.|env\.)[A-Z0-9_]+|\b(EXPECT|ADDED)_\w+/g)) {
    found.set(variable, variable);
  }
  for (const [, variable = '', value] of source.matchAll(/env, '([A-Z0-9_]+)', '(.*?)'\)/gi)) {
    found.set(variable, `${variable}=${value}`);
  }
  return [...found.values()].sort();
}

test.each([
  ['published', ['published']],
  ['leaving', ['leaving', 'client/disconnects']],
  ['mixed', ['mixed', 'client/fast']],
])(
  'the head of %s.ts has the variables that it alone reads, with their defaults',
  (name, files) => {
    const [head = ''] = readFileSync(`load/${name}.ts`, 'utf8').split('*/');
    const documented = [...head.matchAll(/^ \* {3}([A-Z_]+(?:=\S+)?) /gm)].map(([, each]) => each);
    // published.ts: all at once by default, 100 is the example of its complaint
    const read = files.flatMap(variablesIn).map((each) => each.replace('RATE=100', 'RATE'));
    expect(documented.sort()).toEqual(read.sort());
  },
);

test('load/README.md has all other variables, with their defaults', () => {
  const readme = readFileSync('load/README.md', 'utf8');
  const rows = [...readme.matchAll(/^\| ((?:`[A-Z][A-Z0-9_]*`(?:, )?)+) +\| (?:`(.*?)`)?/gm)];
  const documented = rows.flatMap(([, names = '', value]) =>
    names
      .replaceAll('`', '')
      .split(', ')
      .map((name) => (value === undefined ? name : `${name}=${value}`)),
  );
  const read = ['request', 'expected', 'thresholds', 'report'].flatMap((name) =>
    variablesIn(`client/${name}`),
  );
  expect(documented.sort()).toEqual(read.sort());
});

test.each(['published', 'leaving', 'mixed'])('%s.ts has fewer than 60 lines', (name) => {
  expect(readFileSync(`load/${name}.ts`, 'utf8').split('\n').length - 1).toBeLessThan(60);
});
