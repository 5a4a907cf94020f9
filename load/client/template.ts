/** Replaces {id} and {length}, in ms, in texts of requests and of expected answers. */
export function fill(template: string, id: string, length: number): string {
  // functions, so that $& in a value is not replaced
  return template.replace(/\{id\}/g, () => id).replace(/\{length\}/g, () => String(length));
}
