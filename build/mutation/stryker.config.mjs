/**
 * make test-mutation: each small change of the pure code (a mutant) has to fail a test.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  // test/integration tests the handlers
  mutate: ['src/*/**/*.ts', '!src/**/*.njs.ts'],
  testRunner: 'jest',
  jest: { configFile: 'build/mutation/jest.config.mjs' },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // beyond one and a half times of what the tests take: endless loops
  timeoutMS: 2_000,
  thresholds: { high: 95, low: 90, break: 90 },
  reporters: [
    process.stdout.isTTY ? 'progress' : 'progress-append-only',
    ...['clear-text', 'html', 'json'],
  ],
  clearTextReporter: { logTests: false, reportTests: false },
  htmlReporter: { fileName: 'dist/mutation/report.html' },
  jsonReporter: { fileName: 'dist/mutation/report.json' },
  tempDirName: 'dist/mutation/tmp',
  cleanTempDir: 'always',
  ignorePatterns: ['/*', '!/src', '!/test', '!/build', '!/nginx', '!/*.json', '!/*.mjs'],
  // StrykerJS rewrites a tsconfig by an API that TypeScript 7 does not have; the tests read none
  tsconfigFile: 'none',
};
