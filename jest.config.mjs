// The tests remove their containers themselves; its reaper is an image that needs a registry.
process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';

const compiled = { '^.+\\.[jt]s$': ['@swc/jest', { jsc: { target: 'es2022' } }] };

/** Two projects: `unit` runs anywhere in seconds, `integration` needs Docker. */
export default {
  testTimeout: 60_000,
  maxWorkers: 2,
  projects: [
    {
      displayName: 'unit',
      testMatch: ['<rootDir>/test/{unit,property}/**/*.test.ts'],
      transform: compiled,
    },
    {
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.test.ts'],
      transform: compiled,
      globalSetup: '<rootDir>/testkit/global-set-up.mjs',
      globalTeardown: '<rootDir>/testkit/tear-down.mjs',
      testEnvironment: '<rootDir>/testkit/environment.mjs',
    },
  ],
};
