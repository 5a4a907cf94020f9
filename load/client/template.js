// @ts-check
/** Replaces {id} and {length} in texts of requests and of expected responses. */

/**
 * @param {string} template
 * @param {string} id
 * @param {number} length ms
 */
export function fill(template, id, length) {
  // functions, so that $& in a value is not replaced
  return template.replace(/\{id\}/g, () => id).replace(/\{length\}/g, () => String(length));
}
