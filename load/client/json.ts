/** Whether the value has what is expected: objects may have more members, all other values must be equal. */
export function includesJson(value: unknown, expected: unknown): boolean {
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
      Object.hasOwn(value, name) && includesJson((value as Record<string, unknown>)[name], item),
  );
}
