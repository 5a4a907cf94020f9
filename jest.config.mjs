const compiled = {
  transform: { '^.+\\.[jt]s$': ['@swc/jest', { jsc: { target: 'es2022' } }] },
  // packages that are ES modules only, which jest does not load as they are
  transformIgnorePatterns: [
    '/node_modules/(?!(d3-\\w+|internmap|delaunator|robust-predicates|get-port|markdown-table)/)',
  ],
};

/** Two projects: `unit` runs anywhere in seconds, `integration` needs Docker. */
export default {
  testTimeout: 60_000,
  // of 2 cores: tests mostly wait (CONTRIBUTING.md)
  maxWorkers: 5,
  projects: [
    {
      displayName: 'unit',
      testMatch: ['<rootDir>/test/{unit,property}/**/*.test.ts'],
      ...compiled,
    },
    {
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.test.ts'],
      ...compiled,
      globalSetup: '<rootDir>/testkit/global-set-up.mjs',
      globalTeardown: '<rootDir>/testkit/tear-down.mjs',
      testEnvironment: '<rootDir>/testkit/environment.mjs',
    },
  ],
};
