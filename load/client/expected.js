// @ts-check
/** The expected body: an exact text, a regular expression, or a subset of JSON values. */

import { fill } from './template.js';

/**
 * @param {Record<string, string | undefined>} env
 * @returns {(body: string, id: string, length: number) => boolean}
 */
export function readExpected(env) {
  const { EXPECT, EXPECT_REGEX, EXPECT_JSON } = env;
  if ([EXPECT, EXPECT_REGEX, EXPECT_JSON].filter((value) => value !== undefined).length > 1) {
    throw new Error('EXPECT, EXPECT_REGEX, EXPECT_JSON: only one of them is allowed');
  }
  if (EXPECT_REGEX !== undefined) {
    readRegex(fill(EXPECT_REGEX, 'id', 1));
    return (body, id, length) => readRegex(fill(EXPECT_REGEX, id, length)).test(body);
  }
  if (EXPECT_JSON !== undefined) {
    readJson(fill(EXPECT_JSON, 'id', 1));
    return (body, id, length) => {
      const value = parseBody(body);
      return value !== undefined && includesJson(value, readJson(fill(EXPECT_JSON, id, length)));
    };
  }
  return (body, id, length) => body === fill(EXPECT ?? 'result of {id}\n', id, length);
}

/**
 * Objects may have more members than expected; all other values must be equal.
 * @param {unknown} value
 * @param {unknown} expected
 * @returns {boolean}
 */
export function includesJson(value, expected) {
  if (expected === null || typeof expected !== 'object') {
    return value === expected;
  }
  if (value === null || typeof value !== 'object') {
    return false;
  }
  if (Array.isArray(expected) || Array.isArray(value)) {
    return (
      Array.isArray(expected) &&
      Array.isArray(value) &&
      value.length === expected.length &&
      expected.every((item, at) => includesJson(value[at], item))
    );
  }
  return Object.entries(expected).every(
    ([name, item]) =>
      Object.hasOwn(value, name) &&
      includesJson(/** @type {Record<string, unknown>} */ (value)[name], item),
  );
}

/** @param {string} source */
function readRegex(source) {
  try {
    return new RegExp(source);
  } catch (error) {
    throw new Error(`EXPECT_REGEX: ${error}`);
  }
}

/** @param {string} source */
function readJson(source) {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new Error(`EXPECT_JSON: ${error}`);
  }
}

/**
 * @param {string} body
 * @returns {unknown} undefined if it is not JSON
 */
function parseBody(body) {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
