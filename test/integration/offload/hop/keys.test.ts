/** service/hop-keys.sh: the keys of the hop, made and rotated. */

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

describe('keys', () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'offload-test-'));
    file = join(folder, 'hop/keys.conf');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (...options: string[]) =>
    spawnSync('service/hop-keys.sh', options, {
      encoding: 'utf8',
      env: { ...process.env, OFFLOAD_HOP_KEYS: file },
    });
  const keys = () =>
    [...readFileSync(file, 'utf8').matchAll(/^js_var \$offload_hop_\w*key +"(\w*)";$/gm)].map(
      ([, key]) => key,
    );

  test('are made once, for the user that starts nginx', () => {
    expect(run().stdout).toBe(`${file} was made\n`);
    const made = keys();
    expect(made).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/), '']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(run().stdout).toBe(`${file} is there\n`);
    expect(keys()).toEqual(made);
  });

  test('are rotated in two steps', () => {
    run();
    const [first] = keys();
    expect(run('--exchange')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('--add'),
    });
    expect(run('--add').status).toBe(0);
    const [still, second] = keys();
    expect(still).toBe(first);
    expect(run('--exchange').status).toBe(0);
    expect(keys()).toEqual([second, first]);
  });

  test.each(['--add', '--exchange'])('%s says what is missing, and changes nothing', (option) => {
    const nothing = run(option);
    expect(nothing).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('is not there: run'),
    });
    run();
    writeFileSync(file, 'js_var $offload_hop_key oops;\n');
    const unreadable = run(option);
    expect(unreadable).toMatchObject({ status: 1, stderr: expect.stringContaining('no key') });
    expect(readFileSync(file, 'utf8')).toBe('js_var $offload_hop_key oops;\n');
  });

  test('--help says what each option does', () => {
    expect(run('--help').stdout).toContain('--exchange');
    expect(run('--what').status).toBe(2);
  });
});
