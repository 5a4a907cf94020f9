/** jest's own runner, but once a test has failed on a mutant, no further test is run on it. */
const circus = require('jest-circus/runner').default;
const { createEmptyTestResult } = require('@jest/test-result');

/** jest reports a file without a test as an error. */
const skipped = {
  title: '',
  fullName: '',
  ancestorTitles: [],
  failureMessages: [],
  status: 'pending',
};

let killed;

module.exports = async (globalConfig, config, environment, runtime, testFilePath, send) => {
  const mutant = process.env.__STRYKER_ACTIVE_MUTANT__;
  const isKilled = () => mutant !== undefined && mutant === killed;
  if (isKilled()) {
    const result = createEmptyTestResult();
    return { ...result, numPendingTests: 1, testFilePath, testResults: [skipped] };
  }
  const handle = environment.handleTestEvent?.bind(environment);
  environment.handleTestEvent = async (event, state) => {
    if (event.name === 'test_start' && isKilled()) {
      event.test.mode = 'skip';
    } else if (event.name === 'test_done' && event.test.errors.length > 0) {
      killed = mutant;
    }
    await handle?.(event, state);
  };
  return circus(globalConfig, config, environment, runtime, testFilePath, send);
};
