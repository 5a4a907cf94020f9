/** Splits a snippet into statements, to measure each. */

/**
 * @param text of an nginx configuration file
 * @returns directives with their `;` and whole blocks, in order, without comments
 */
export function statements(text: string): string[] {
  const found: string[] = [];
  let statement = '';
  let depth = 0;
  // a quoted string, a variable with braces, a comment, or one character
  for (const [token] of text.matchAll(
    /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\$\{\w+\}|#[^\n]*|./gs,
  )) {
    if (token.startsWith('#')) {
      continue;
    }
    statement += token;
    depth += token === '{' ? 1 : token === '}' ? -1 : 0;
    if (depth === 0 && (token === ';' || token === '}')) {
      found.push(statement.trim());
      statement = '';
    }
  }
  return found;
}
