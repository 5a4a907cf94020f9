/**
 * make test-mutation: of small changes to the pure code (mutants), how many fail a test.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  // handlers call nginx: test/integration tests them
  mutate: ['src/*/*.ts', '!src/*/handler.ts', '!src/*/*-handler.ts'],
  testRunner: 'jest',
  jest: { configFile: 'build/mutation/jest.config.mjs' },
  coverageAnalysis: 'perTest',
  concurrency: 2,
  // on top of 1.5 times what the tests take: only an endless loop takes longer
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
  ignorePatterns: ['/dist', '/.demo'],
  // Stryker rewrites it with an API that TypeScript 7 has not; the tests read none
  tsconfigFile: 'none',
};
