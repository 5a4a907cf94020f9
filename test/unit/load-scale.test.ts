import { readFileSync } from 'node:fs';
import { fillPlace, markdownTable } from '../../load/markdown';
import { median, percentile } from '../../load/percentile';
import { addresses, mostHeld, whyNot } from '../../load/scale/fits';
import { plan } from '../../load/scale/plan';
import type { Results } from '../../load/scale/results';
import { cpuMillis, kilobytes, page, shortTable } from '../../load/scale/table';
import { choice, number, numbers } from '../../load/setting';

const limits = { openFiles: 20_000, ports: 28_232, workerProcesses: 2, arrivals: 2000 };

describe('the plan', () => {
  test('by default the number grows at one length, and the length at one number', () => {
    expect(plan(undefined, undefined).map(({ held, seconds }) => `${held} ${seconds}`)).toEqual([
      ...['1000 10', '2000 10', '5000 10', '10000 10'],
      ...['2000 30', '2000 60', '2000 300'],
    ]);
  });

  test('what is given is run each with each', () => {
    expect(plan([1, 2], [10, 60])).toHaveLength(4);
    expect(plan([50], undefined)).toEqual([{ held: 50, seconds: 10 }]);
    expect(plan(undefined, [60])).toEqual([{ held: 2000, seconds: 60 }]);
  });
});

describe('what the limits allow', () => {
  test('10,000 clients fit into 20,000 open files of two worker processes, 12,000 do not', () => {
    expect(whyNot({ held: 10_000, seconds: 10 }, limits)).toBeUndefined();
    expect(whyNot({ held: 12_000, seconds: 10 }, limits)).toMatch(/at most 10400 .*WORKERS=/);
    const four = { ...limits, workerProcesses: 4 };
    expect(whyNot({ held: 12_000, seconds: 10 }, four)).toBeUndefined();
  });

  test('the clients are one process, whatever nginx has', () => {
    expect(mostHeld({ ...limits, workerProcesses: 64 })).toBe(19_500);
  });

  test('a crowd that is never all there, or waits too long, is left out', () => {
    expect(whyNot({ held: 5000, seconds: 3 }, limits)).toMatch(/come in 2\.5 s.*RATE=/);
    expect(whyNot({ held: 100, seconds: 600 }, limits)).toBe('600 s is longer than 420 s');
  });

  test('more clients than an address has ports come from several', () => {
    expect(addresses(10_000, limits)).toBe(1);
    expect(addresses(30_000, limits)).toBe(2);
  });
});

describe('settings', () => {
  test('are numbers above 0, with commas between', () => {
    expect(numbers('HELD', { HELD: '1000,2000' })).toEqual([1000, 2000]);
    expect(numbers('HELD', { HELD: '' })).toBeUndefined();
    expect(number('RATE', 7, {})).toBe(7);
    for (const text of ['0', '-1', 'many', '1,,2', '10;60']) {
      expect(() => numbers('HELD', { HELD: text })).toThrow(`HELD=${text}: a number above 0`);
    }
    expect(() => number('RATE', 7, { RATE: '1,2' })).toThrow('RATE=1,2: one number');
  });

  test('are one of what there is', () => {
    expect(choice('ENGINE', ['njs', 'qjs'], { ENGINE: 'qjs' })).toBe('qjs');
    expect(choice('ENGINE', ['njs', 'qjs'], {})).toBeUndefined();
    expect(() => choice('ENGINE', ['njs', 'qjs'], { ENGINE: 'v8' })).toThrow('there are njs, qjs');
  });
});

test('a percentile is a value that was measured, a median may lie between two', () => {
  expect(percentile([3, 1, 2, 4], 0.5)).toBe(2);
  expect(percentile([3, 1, 2, 4], 1)).toBe(4);
  expect(median([3, 1, 2, 4])).toBe(2.5);
  expect(median([3, 1, 2])).toBe(2);
});

test('a table is as editors format it', () => {
  expect(markdownTable(['name', 'KB'], ['left', 'right'], [['nginx', '7']])).toBe(
    '| name  |   KB |\n| ----- | ---: |\n| nginx |    7 |\n',
  );
});

test('a place is filled again and again, and missed where it is not', () => {
  const text = 'a\n<!-- x -->\n<!-- /x -->\nb';
  const filled = 'a\n<!-- x -->\n\nnew\n\n<!-- /x -->\nb';
  expect(fillPlace(text, 'x', 'new\n')).toBe(filled);
  expect(fillPlace(filled, 'x', 'new\n')).toBe(filled);
  expect(() => fillPlace(text, 'y', 'new')).toThrow('there is no place <!-- y -->');
});

describe('load/results', () => {
  const results: Results = JSON.parse(readFileSync('load/results/scale.json', 'utf8'));

  test('scale.md and the README say what scale.json says', () => {
    expect(readFileSync('load/results/scale.md', 'utf8')).toBe(page(results));
    const readme = readFileSync('README.md', 'utf8');
    expect(fillPlace(readme, 'scale', shortTable(results))).toBe(readme);
  });

  test('memory is by the clients that were held at once, CPU by how long they were', () => {
    const [run] = results.runs;
    const measured = {
      ...run?.measured,
      held: 1000,
      heldSeconds: 10_000,
      nginxCpuSeconds: 5,
      memory: { atRest: 1_000_000, peak: 1_000_000 + 1000 * 100 * 1024, after: 0 },
    };
    expect(kilobytes({ ...run, measured } as Results['runs'][0])).toBe(100);
    expect(cpuMillis({ ...run, measured } as Results['runs'][0])).toBe(0.5);
  });
});
