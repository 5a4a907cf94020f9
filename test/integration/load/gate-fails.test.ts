/** The gate fails when something gets worse. */

import { matrix, type Release } from '../../../testkit/servers/nginx';
import { CONNECTIONS, exceededBounds, type Load } from './gate';

/** Few enough that a busy machine makes all of their polls. */
const FEW = 10;

const [release] = matrix as [Release];

// a request for each connection shows it
const found = (load: Load) =>
  exceededBounds(release, { requests: load.connections ?? CONNECTIONS, ...load });

test('the gate fails if responses are wrong', async () => {
  expect(await found({ env: { EXPECT: 'result of another job\n' } })).toContainEqual(
    expect.stringMatching(/^answers: .*"right":0,.*"body":100,/),
  );
});

test('the gate fails if the app is polled more often', async () => {
  const server = 'set $offload_interval 40ms; set $offload_backoff 0%;';
  expect(await found({ server, connections: FEW })).toContainEqual(
    expect.stringMatching(/^polls: \d\d\b/),
  );
});

test('the gate fails if clients get a 503', async () => {
  expect(await found({ limits: [10, 10] })).toContainEqual(
    expect.stringMatching(/^answers: .*"status":[1-9]/),
  );
});

test('the gate fails if a held client uses more memory (here: because of large headers)', async () => {
  const HEADERS = JSON.stringify({ 'X-One': 'x'.repeat(7000), 'X-Two': 'x'.repeat(7000) });
  expect(await found({ env: { HEADERS } })).toContainEqual(expect.stringMatching(/^memory: /));
});
