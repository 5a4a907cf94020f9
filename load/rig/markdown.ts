/** Markdown tables, aligned as formatters align them. */

/** @param rows first column: text, aligned left; other columns: figures, aligned right */
export function markdownTable(head: string[], rows: string[][]): string {
  const widths = head.map((title, at) =>
    Math.max(4, title.length, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: string[]) => `| ${cells.join(' | ')} |\n`;
  const padded = (cells: string[]) =>
    line(
      cells.map((cell, at) => {
        const width = widths[at] ?? 0;
        return at === 0 ? cell.padEnd(width) : cell.padStart(width);
      }),
    );
  const rule = widths.map((width, at) =>
    at === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return padded(head) + line(rule) + rows.map(padded).join('');
}
