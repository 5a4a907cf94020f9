/** The expected body: an exact text, a regular expression, or a part of JSON. */

import { includesJson } from './json.ts';
import { fill } from './template.ts';
import { type Env, text } from './variables.ts';

/** Whether the body of an answer is that of the job. */
export type IsExpected = (body: string, id: string, length: number) => boolean;

/** Of EXPECT, EXPECT_REGEX or EXPECT_JSON. */
export function readExpected(env: Env): IsExpected {
  const { EXPECT, EXPECT_REGEX, EXPECT_JSON } = env;
  if ([EXPECT, EXPECT_REGEX, EXPECT_JSON].filter((value) => value !== undefined).length > 1) {
    throw new Error('EXPECT, EXPECT_REGEX, EXPECT_JSON: only one of them is allowed');
  }
  if (EXPECT_REGEX !== undefined) {
    const read = (id: string, length: number) => new RegExp(fill(EXPECT_REGEX, id, length));
    check('EXPECT_REGEX', read);
    return (body, id, length) => read(id, length).test(body);
  }
  if (EXPECT_JSON !== undefined) {
    const read = (id: string, length: number) => JSON.parse(fill(EXPECT_JSON, id, length));
    check('EXPECT_JSON', read);
    return (body, id, length) => {
      const value = parse(body);
      return value !== undefined && includesJson(value, read(id, length));
    };
  }
  const expected = text(env, 'EXPECT', 'result of {id}\n');
  return (body, id, length) => body === fill(expected, id, length);
}

/** Before the first call. */
function check(name: string, read: (id: string, length: number) => unknown): void {
  try {
    read('id', 1);
  } catch (error) {
    throw new Error(`${name}: ${error}`);
  }
}

/** @returns undefined for a body that is not JSON */
function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
