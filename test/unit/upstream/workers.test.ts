import http from 'node:http';
import { App } from '../../../testkit/upstream/app';

/** @returns ms until the response, or undefined if the connection is reset */
function blockingCall(port: number): Promise<number | undefined> {
  const started = Date.now();
  return new Promise((resolve) => {
    http
      .get({ host: '127.0.0.1', port, path: '/blocking?length=200', agent: false }, (response) => {
        response.resume().on('end', () => resolve(Date.now() - started));
      })
      .on('error', () => resolve(undefined));
  });
}

async function callsOn(app: App, calls: number): Promise<(number | undefined)[]> {
  await app.start();
  try {
    return await Promise.all(Array.from({ length: calls }, () => blockingCall(app.port)));
  } finally {
    await app.stop();
  }
}

test('a worker of the test app serves one request at a time', async () => {
  const times = (await callsOn(new App({ workers: 2, backlog: 10 }), 6)) as number[];
  // three rounds of two
  expect(times.filter((ms) => ms >= 590)).toHaveLength(2);
  expect(times.filter((ms) => ms >= 390)).toHaveLength(4);
  expect(times.every((ms) => ms >= 190)).toBe(true);
});

test('a connection beyond the backlog of the test app is reset', async () => {
  const times = await callsOn(new App({ workers: 1, backlog: 2 }), 5);
  expect(times.filter((ms) => ms === undefined)).toHaveLength(2);
});
