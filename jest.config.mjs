const typescript = { '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2022' } }] };

/** Two projects: `unit` runs anywhere in seconds, `integration` needs Docker. */
export default {
  projects: [
    {
      displayName: 'unit',
      testMatch: ['<rootDir>/test/unit/**/*.test.ts'],
      transform: typescript,
    },
    {
      displayName: 'integration',
      testMatch: ['<rootDir>/test/integration/**/*.test.ts'],
      transform: typescript,
      testTimeout: 120_000,
      testEnvironment: '<rootDir>/test/integration/environment.mjs',
    },
  ],
};
