/** `make test-long` runs the long forms of tests, `make test` the short ones. */

export const isLong = process.env.OFFLOAD_LONG === '1';
export const long = <T>(longForm: T, shortForm: T): T => (isLong ? longForm : shortForm);
