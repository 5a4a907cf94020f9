const compiled = {
  transform: { '^.+\\.[jt]s$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
  // packages that are ES modules only, which jest does not load as they are
  transformIgnorePatterns: ['/node_modules/(?!(get-port|markdown-table)/)'],
};

const integration = {
  ...compiled,
  globalTeardown: '<rootDir>/testkit/jest/tear-down.mjs',
  testEnvironment: '<rootDir>/testkit/jest/environment.mjs',
};
const ALONE = '<rootDir>/test/integration/load/gate.test.ts';

/**
 * `unit` runs anywhere in seconds, `integration` needs Docker; `alone` follows it (build/test.mjs), as its
 * bounds hold where nothing else uses the CPUs.
 */
export default {
  testTimeout: 60_000,
  // on 2 cores: tests mostly wait (CONTRIBUTING.md)
  maxWorkers: 5,
  testSequencer: '<rootDir>/testkit/jest/sequencer.mjs',
  projects: [
    {
      displayName: 'unit',
      testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
      // jest's vm makes each use of a global slow
      sandboxInjectedGlobals: ['Math'],
      ...compiled,
    },
    {
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ALONE],
      globalSetup: '<rootDir>/testkit/jest/global-set-up.mjs',
      ...integration,
    },
    { displayName: 'alone', testMatch: [ALONE], ...integration },
  ],
};
