import { readFileSync } from 'node:fs';
import { plot } from '../../../load/bench/plot';
import { withSection } from '../../../load/bench/readme';
import type { Results } from '../../../load/bench/results';
import { table } from '../../../load/bench/table';
import { outcome, results } from './outcomes';

const published: Results = JSON.parse(readFileSync('load/results/latest.json', 'utf8'));
const read = (path: string) => readFileSync(path, 'utf8');

test('the README says what load/results says', () => {
  expect(read('README.md')).toBe(withSection(read('README.md'), published));
});

test('table and plot of load/results are made from its figures', () => {
  expect(read('load/results/table.md')).toBe(table(published));
  expect(read('load/results/table.svg')).toBe(plot(published));
});

test('figures that differ change the README in its marked place alone', () => {
  const other = withSection(read('README.md'), results(outcome('offload')));
  expect(other).not.toBe(read('README.md'));
  expect(withSection(other, published)).toBe(read('README.md'));
});

test('a README without the place is left alone', () => {
  expect(() => withSection('# A project\n', published)).toThrow('no place for the figures');
});
