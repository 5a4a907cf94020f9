import type http from 'node:http';
import { Workers, type WorkersOptions } from '../../../testkit/apps/workers';
import { call } from '../../../testkit/clients/client';
import { sleep, until } from '../../../testkit/clients/until';

/** Requests that are being served, each until it is answered. */
const served: http.ServerResponse[] = [];

async function withWorkers(options: WorkersOptions, work: (port: number) => Promise<void>) {
  served.length = 0;
  const workers = new Workers(options, (_, response) => served.push(response));
  try {
    await work(await workers.listen());
  } finally {
    await workers.close();
  }
}

test('a worker of the test app serves one request at a time', () =>
  withWorkers({ workers: 2, backlog: 10 }, async (port) => {
    const calls = Promise.all(Array.from({ length: 6 }, () => call(port, '/')));
    for (let round = 1; round <= 3; round++) {
      await until('two more are served', () => served.length >= 2 * round);
      await sleep(50);
      expect(served).toHaveLength(2 * round);
      for (const response of served.slice(-2)) {
        response.end('done\n');
      }
    }
    expect((await calls).map(({ body }) => body)).toEqual(new Array(6).fill('done\n'));
  }));

test('a connection beyond the backlog of the test app is reset', () =>
  withWorkers({ workers: 1, backlog: 2 }, async (port) => {
    const outcomes: string[] = [];
    const calls = Array.from({ length: 5 }, () =>
      call(port, '/').then(
        ({ body }) => outcomes.push(body),
        ({ code }) => outcomes.push(code),
      ),
    );
    await until('two are reset', () => outcomes.length === 2);
    for (let answered = 1; answered <= 3; answered++) {
      await until('one is served', () => served.length === answered);
      served[answered - 1]?.end('done');
    }
    await Promise.all(calls);
    expect(outcomes).toEqual(['ECONNRESET', 'ECONNRESET', 'done', 'done', 'done']);
  }));
