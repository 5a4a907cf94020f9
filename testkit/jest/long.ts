/** Parameters of tests that are longer in `make test-long` than in `make test`. */

export const isLong = process.env.OFFLOAD_LONG === '1';
export const long = <T>(longValue: T, shortValue: T): T => (isLong ? longValue : shortValue);
