import { markdownTable } from '../../../../load/rig/markdown';

test('columns are as wide as their widest cell, and figures are aligned right', () => {
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
