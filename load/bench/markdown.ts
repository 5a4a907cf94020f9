/** A table in Markdown as the formatter leaves it. */

/** @param rows the head first; the first column is text, the others are figures */
export function markdownTable(rows: string[][]): string[] {
  const widths = (rows[0] ?? []).map((_, at) =>
    Math.max(3, ...rows.map((row) => row[at]?.length ?? 0)),
  );
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  const padded = rows.map((row) =>
    line(
      row.map((cell, at) =>
        at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
      ),
    ),
  );
  const rule = line(
    widths.map((width, at) =>
      at === 0 ? `:${'-'.repeat(width - 1)}` : `${'-'.repeat(width - 1)}:`,
    ),
  );
  return [...padded.slice(0, 1), rule, ...padded.slice(1)];
}
