/** The workflows of .github: actionlint finds no error in them. */

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

test('make lint-workflows passes', async () => {
  const { stdout } = await promisify(execFile)('make', ['lint-workflows']);
  expect(stdout).toContain('actionlint: no errors in .github/workflows\n');
}, 300_000);
