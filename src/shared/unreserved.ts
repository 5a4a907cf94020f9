/**
 * Whether a text has letters, digits, `-`, `.`, `_` and `~` alone, which RFC 3986 calls unreserved: by functions of njs,
 * in the time that a loop takes for four characters.
 */
export function isUnreserved(text: string): boolean {
  try {
    return (
      encodeURIComponent(text) === text &&
      text.indexOf('!') < 0 &&
      text.indexOf("'") < 0 &&
      text.indexOf('(') < 0 &&
      text.indexOf(')') < 0 &&
      text.indexOf('*') < 0
    );
  } catch {
    // half of a surrogate pair, or bytes that are not UTF-8
    return false;
  }
}
