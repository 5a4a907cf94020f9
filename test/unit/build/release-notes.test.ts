/** What a release says of itself, and the tags that are refused. */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offload-release-'));
  mkdirSync(join(folder, 'build'));
  cpSync('build/setup', join(folder, 'build/setup'), { recursive: true });
  cpSync('build/release-notes.sh', join(folder, 'build/release-notes.sh'));
  writeFileSync(join(folder, 'package.json'), '{ "version": "1.2.0", "type": "module" }');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

function notesOf(tag: string, changelog: string) {
  writeFileSync(join(folder, 'CHANGELOG.md'), changelog);
  const script = join(folder, 'build/release-notes.sh');
  return spawnSync(script, [tag], { encoding: 'utf8' });
}

const CHANGELOG = `# Changelog

## [1.2.0] - 2026-11-30

### Added

- A setting.

## [1.1.0] - 2026-11-01

- Another one.
`;

test('the section of the version is printed', () => {
  const { status, stdout } = notesOf('v1.2.0', CHANGELOG);
  expect([status, stdout.trim()]).toEqual([0, '### Added\n\n- A setting.']);
});

test.each([
  ['another version', 'v1.1.0', CHANGELOG, 'the version in package.json is 1.2.0'],
  ['no v', '1.2.0', CHANGELOG, 'the version in package.json is 1.2.0'],
  ['no date', 'v1.2.0', '## [1.2.0] - Unreleased\n\n- A setting.\n', 'no section "## [1.2.0]'],
  ['no text', 'v1.2.0', '## [1.2.0] - 2026-11-30\n\n## [1.1.0] - 2026-11-01\n', 'or an empty one'],
  ['no section', 'v1.2.0', '# Changelog\n', 'no section "## [1.2.0]'],
])('a release is refused: %s', (_, tag, changelog, message) => {
  const { status, stdout, stderr } = notesOf(tag, changelog);
  expect([status, stdout]).toEqual([1, '']);
  expect(stderr).toContain(message);
});

test('CHANGELOG.md has a section of the version in package.json', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(readFileSync('CHANGELOG.md', 'utf8')).toContain(`\n## [${version}] - `);
});
