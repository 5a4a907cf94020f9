// @ts-check
/** What is asked, and what is expected, names the job: {id} and {length} are filled in. */

/**
 * @param {string} template
 * @param {string} id
 * @param {number} length ms
 */
export function fill(template, id, length) {
  // functions, as $& in a value would be read otherwise
  return template.replace(/\{id\}/g, () => id).replace(/\{length\}/g, () => String(length));
}
