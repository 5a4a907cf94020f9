/** Tables for people, in the form that the formatter of editors gives them. */

/** @param align of each column: numbers stand to the right */
export function markdownTable(
  head: string[],
  align: ('left' | 'right')[],
  rows: string[][],
): string {
  const widths = head.map((title, i) =>
    Math.max(4, title.length, ...rows.map((row) => row[i]?.length ?? 0)),
  );
  const line = (cells: string[]) => `| ${cells.join(' | ')} |\n`;
  const padded = (cells: string[]) =>
    line(
      cells.map((cell, i) => {
        const width = widths[i] ?? 0;
        return align[i] === 'right' ? cell.padStart(width) : cell.padEnd(width);
      }),
    );
  const rule = widths.map((width, i) =>
    align[i] === 'right' ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width),
  );
  return padded(head) + line(rule) + rows.map(padded).join('');
}

/**
 * @param name of a place in the text, between `<!-- NAME -->` and `<!-- /NAME -->`
 * @returns the text with the place filled
 */
export function fillPlace(text: string, name: string, content: string): string {
  const begin = `<!-- ${name} -->`;
  const end = `<!-- /${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) {
    throw new Error(`there is no place ${begin} … ${end}`);
  }
  return `${text.slice(0, from + begin.length)}\n\n${content.trim()}\n\n${text.slice(to)}`;
}
