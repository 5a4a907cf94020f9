/** The table of metrics, beside the page for those who read them. */

import { readFileSync } from 'node:fs';
import { FAMILIES, type Family } from '../../../src/metrics/families';

const families = Object.entries<Family>(FAMILIES);

test('docs/metrics.md has a row for each, with its type and labels', () => {
  const documented = readFileSync('docs/metrics.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| `offload_'))
    .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
    .map(([, name, type, labels]) => ({ name, type, labels }));
  for (const [name, { type, labels }] of families) {
    // the metrics themselves have no column of labels
    const row = documented.find((each) => each.name === name);
    expect({ name, type: row?.type }).toEqual({ name, type });
    expect({ name, labels: labels.length > 0 ? row?.labels : '' }).toEqual({
      name,
      labels: labels.join(', '),
    });
  }
  expect(documented.map(({ name }) => name).sort()).toEqual(families.map(([name]) => name).sort());
});

test('a key is counted in one family', () => {
  const keys = families.flatMap(([, { key, buckets }]) => [key, buckets]).filter(Boolean);
  expect(new Set(keys).size).toBe(keys.length);
});
