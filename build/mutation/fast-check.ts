import fc from 'fast-check';

/**
 * The same values in each run, so that no mutant survives by chance; and no shrinking, as all
 * that counts is whether a test fails.
 */
fc.configureGlobal({ seed: 1, endOnFailure: true });
