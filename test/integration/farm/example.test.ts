/** The commands of try.txt of the example "farm", with the installed nginx and uWSGI. */

import { type Example, startExample } from '../../../testkit/servers/example';

describe('make example NAME=farm', () => {
  let example: Example;

  beforeAll(async () => {
    example = await startExample('farm');
  }, 130_000);

  afterAll(() => example?.stop());

  const linesOf = async (part: string) => (await example.tried(part)).split('\n');

  test('while one backend is busy, the others respond', async () => {
    const lines = await linesOf('ms=5000');
    expect(lines).toHaveLength(7);
    const [busy, ...others] = lines.map((line) => line.split(' ')[0]).reverse();
    expect(others).not.toContain(busy);
    expect(new Set(others).size).toBe(3);
  });

  test('offloaded work returns its result', async () => {
    expect((await linesOf('/report'))[0]).toMatch(/^the report, returned by \d\.sock$/);
  });

  test('farm.sh reload reloads each backend, and all respond', async () => {
    expect(await linesOf('farm.sh reload')).toEqual(
      [1, 2, 3, 4].map((number) => `reloading ${number}`),
    );
    expect(await linesOf('ms=5000')).toHaveLength(7);
  });
});
