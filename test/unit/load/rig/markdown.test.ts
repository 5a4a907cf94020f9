import { markdownTable } from '../../../../load/rig/markdown';

test('each column of a table is as wide as its widest cell, and figures stand to the right', () => {
  const rows = [
    ['nchan', '1'],
    ['offload', '**24.1**'],
  ];
  expect(markdownTable(['', 'calls'], rows)).toBe(`|         |    calls |
| ------- | -------: |
| nchan   |        1 |
| offload | **24.1** |
`);
});
