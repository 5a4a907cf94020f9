/** The table of settings as a part of http.conf, and of docs/settings.md. */

import { SETTINGS } from '../src/offload/schedule/settings-table';

const WIDTH = 110;

/** Each with what it is and costs, and its default. */
export function settingsOfHttpConf(): string {
  return SETTINGS.map(({ name, default: value, range, sentence, costs }) => {
    const text = plain(sentence);
    return [
      ...comment(`${text.charAt(0).toUpperCase()}${text.slice(1)}.`),
      ...comment(`Range: ${range}.`),
      ...comment(`Costs: ${plain(costs)}.`),
      `js_var $offload_${name} ${value};`,
    ].join('\n');
  }).join('\n\n');
}

const plain = (text: string) => text.replaceAll('`', '');

const MARKED = /(<!-- make format -->\n).*(<!-- \/make format -->)/s;

/** @param page docs/settings.md, whose table is replaced */
export function withSettings(page: string): string {
  if (!MARKED.test(page)) {
    throw new Error('docs/settings.md has no marks for the table of settings');
  }
  const rows = SETTINGS.map(({ name, default: value, range, context, sentence, costs }) => [
    `\`$offload_${name}\``,
    `\`${value}\``,
    range,
    context,
    sentence,
    costs,
  ]);
  const heads = ['variable', 'default', 'range', 'context', 'what it is', 'what it costs'];
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => (row[column] as string).length)),
  );
  const line = (cells: string[], fill = ' ') =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] as number, fill)).join(' | ')} |`;
  const rule = line(
    heads.map(() => ''),
    '-',
  );
  const table = [line(heads), rule, ...rows.map((row) => line(row))].join('\n');
  return page.replace(MARKED, (_, begin, end) => `${begin}\n${table}\n\n${end}`);
}

function comment(text: string): string[] {
  const lines = ['#'];
  for (const word of text.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (longer.length <= WIDTH) {
      lines[lines.length - 1] = longer;
    } else {
      lines.push(`# ${word}`);
    }
  }
  return lines;
}
