/** The unit and property tests of src, without those of handlers, and without simulations: minutes each. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import jest from '../../jest.config.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = readdirSync(`${root}src`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => entry.name);

export default {
  ...jest.projects.find((project) => project.displayName === 'unit'),
  rootDir: root,
  testMatch: [`<rootDir>/test/unit/{${folders.join(',')}}/**/*.test.ts`],
  testPathIgnorePatterns: ['\\.njs\\.', '/simulation\\.test'],
  setupFiles: ['<rootDir>/build/mutation/fast-check.ts'],
  testSequencer: '<rootDir>/build/mutation/unit-first.cjs',
  testRunner: '<rootDir>/build/mutation/jest-circus-bail.cjs',
};
