/** The commands of try.txt of the example "redis": Celery tasks of a Flask app, with the installed packages. */

import { call } from '../../../../testkit/clients/client';
import { type Example, startExample } from '../../../../testkit/servers/example';

describe('make example NAME=redis', () => {
  let example: Example;

  beforeAll(async () => {
    example = await startExample('redis');
  }, 130_000);

  afterAll(() => example?.stop());

  test('a task is answered as if the call had been sync', async () => {
    expect(await example.tried('/reports/sales')).toMatch(
      /^HTTP\/1\.1 200 OK.*Content-Type: application\/json.*\{"report": "sales", "total": 1234\.5\}$/s,
    );
  });

  test('20 of them on two workers take as long as one', async () => {
    const started = Date.now();
    expect((await example.tried('seq 20')).match(/"total": 1234\.5/g)).toHaveLength(20);
    // one after the other on two workers: 30 s
    expect(Date.now() - started).toBeLessThan(15_000);
  });

  test('a task that answers with a status and headers of its own', async () => {
    expect(await example.tried('/orders/tea')).toMatch(
      /^HTTP\/1\.1 201 Created.*Location: \/orders\/tea.*tea is ordered$/s,
    );
  });

  test('a task that fails is a problem document without its exception', async () => {
    const answer = await example.tried('/broken');
    expect(answer).toMatch(/^HTTP\/1\.1 500 Internal Server Error.*"detail":"The task failed"\}$/s);
    expect(answer).not.toContain('no word of this');
  });

  test('a fast call is not offloaded', async () => {
    expect(await call(example.port, '/ready')).toMatchObject({ status: 200, body: 'ready\n' });
  });
});
