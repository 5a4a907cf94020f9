import { help as comparison } from '../../../../load/comparison/settings';
import { unknownSettings } from '../../../../load/rig/command';

test.each([
  ['', []],
  ['s', []],
  [' -- JOB=2s', []],
  ['s -- SYSTEMS=offload\\ lua JOB=2s', []],
  [' -- HOLD=500 JOB=2s', ['HOLD']],
  ['s -j2 --jobserver-auth=fifo:/tmp/x -- SECONDS=5', ['SECONDS']],
])('with MAKEFLAGS="%s", the unknown settings are %j', (makeFlags, unknown) => {
  expect(unknownSettings(comparison, makeFlags)).toEqual(unknown);
});
