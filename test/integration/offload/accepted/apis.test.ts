/** Each API of docs/accepted.md, with the lines that the page gives for it. */

import { Apis } from '../../../../testkit/apps/apis/server';
import { engines, Nginx, onRelease } from '../../../../testkit/servers/nginx';
import { linesOfApis, partsOf } from './lines';

const OPERATION_MS = 600;

interface Row {
  /** Its heading, and what of it if it has more ways than one. */
  api: string;
  way?: string;
  method?: string;
  path: string;
  /** In the client's answer. */
  result: string;
  failure: [status: number, text: string];
  first: { status: number; header?: string; text?: string };
}

const VM = '/subscriptions/1/resourceGroups/group/providers/Microsoft.Compute/virtualMachines/vm';
const VERSION = '?api-version=2024-07-01';
const IN_USE = 'The machine is in use.';

const rows: Row[] = [
  {
    ...{ api: 'Your own app', path: '/reports/?year=2026', result: '{"report":"ours"}' },
    ...{ failure: [400, 'no such year'], first: { status: 202, header: 'location' } },
  },
  {
    ...{ api: 'JSON:API', path: '/photos', result: '"id":"4577"' },
    ...{ failure: [500, '"status":"failed"'], first: { status: 202, header: 'content-location' } },
  },
  {
    ...{ api: 'Azure, data plane', way: 'inline' },
    path: '/documentintelligence/documentModels/read:analyze?api-version=2024-11-30',
    result: '"analyzeResult":{"content":"read"}',
    failure: [500, 'Invalid request.'],
    first: { status: 202, header: 'operation-location' },
  },
  {
    ...{ api: 'Azure, data plane', way: 'at resourceLocation' },
    path: '/documentintelligence/documentModels:build?api-version=2024-11-30',
    result: '{"modelId":"built","status":"running"}',
    failure: [500, 'Invalid request.'],
    first: { status: 202, header: 'operation-location' },
  },
  {
    ...{ api: 'Azure Resource Manager', way: 'PUT', method: 'PUT', path: VM + VERSION },
    ...{ result: '"provisioningState":"Succeeded"', failure: [500, IN_USE] },
    first: { status: 201, header: 'azure-asyncoperation' },
  },
  {
    ...{ api: 'Azure Resource Manager', way: 'POST', path: `${VM}/restart${VERSION}` },
    ...{ result: '{"machine":"restarted"}', failure: [500, IN_USE] },
    first: { status: 202, header: 'azure-asyncoperation' },
  },
  {
    ...{ api: 'Azure Resource Manager', way: 'Location alone', path: `${VM}/deallocate${VERSION}` },
    ...{ result: '{"machine":"restarted"}', failure: [409, IN_USE] },
    first: { status: 202, header: 'location' },
  },
  {
    ...{ api: 'Durable Functions', path: '/api/orchestrators/hello', result: 'Hello Tokyo!' },
    failure: [500, "Orchestrator function 'hello' failed"],
    first: { status: 202, header: 'location', text: 'statusQueryGetUri' },
  },
  {
    ...{
      api: 'FHIR Bulk Data',
      method: 'GET',
      path: '/fhir/$export',
      result: '"transactionTime":',
    },
    failure: [500, 'the export failed'],
    first: { status: 202, header: 'content-location' },
  },
  {
    ...{ api: 'OGC API Processes', path: '/processes/buffer/execution' },
    ...{ result: '"type":"Polygon"', failure: [500, '"status":"failed"'] },
    first: { status: 201, header: 'location', text: '"status":"accepted"' },
  },
  {
    ...{ api: 'Replicate', path: '/v1/predictions', result: 'https://replicate.delivery/1.png' },
    ...{ failure: [500, 'CUDA out of memory'], first: { status: 201, text: '"starting"' } },
  },
  {
    ...{ api: 'fal', path: '/fal-ai/flux/dev', result: 'https://fal.media/1.png' },
    ...{ failure: [422, 'field required'], first: { status: 200, text: '"queue_position":0' } },
  },
  {
    ...{ api: 'OpenAI, background', path: '/v1/responses', result: '"status":"completed"' },
    ...{ failure: [500, 'The model failed.'], first: { status: 200, text: '"queued"' } },
  },
  {
    ...{ api: 'Snowflake SQL', path: '/api/v2/statements?async=true', result: '"data":[["1"]]' },
    ...{ failure: [422, 'SQL compilation error'], first: { status: 202, text: '"333334"' } },
  },
  {
    ...{ api: 'Databricks SQL', path: '/api/2.0/sql/statements/' },
    ...{ result: '"data_array":[["1"]]', failure: [500, 'PARSE_SYNTAX_ERROR'] },
    first: { status: 200, text: '"PENDING"' },
  },
  {
    ...{ api: 'Google', path: '/v1/projects/p/locations/l/instances', result: '"response":{' },
    ...{ failure: [500, 'the tier is invalid'], first: { status: 200, text: '/operations/' } },
  },
];

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
  ms: number;
}

/** By fetch, which accepts gzip, as the clients of these APIs do. */
async function ask(url: string, options: RequestInit): Promise<Answer> {
  const started = Date.now();
  const response = await fetch(url, { redirect: 'manual', ...options });
  const body = await response.text();
  const headers = Object.fromEntries(response.headers);
  return { status: response.status, headers, body, ms: Date.now() - started };
}

/** Rows for test.each. */
const named = rows.map((row) => ({ name: row.way ? `${row.api}, ${row.way}` : row.api, ...row }));

const lines = linesOfApis();

test('each API of the page is called here', () => {
  expect([...new Set(rows.map((row) => row.api))]).toEqual(lines.map((each) => each.api));
});

describe.each(engines)(onRelease, (release) => {
  const apis = new Apis(OPERATION_MS);
  let nginx: Nginx;
  /** By name and kind: all calls are made at once. */
  const answers = new Map<string, Answer>();

  beforeAll(async () => {
    await apis.start();
    nginx = await Nginx.start(release, {
      appPort: apis.port,
      ...partsOf(lines, () => apis.port),
    });
    const headers = { succeeds: {}, fails: { 'X-Fails': '1' }, async: { Prefer: 'respond-async' } };
    await Promise.all(
      named.flatMap(({ name, method = 'POST', path }) =>
        Object.entries(headers).map(async ([kind, own]) => {
          const id = `${name}, ${kind}`;
          const sent = method === 'GET' ? {} : { body: '{}' };
          const url = `http://127.0.0.1:${nginx.port}${path}`;
          answers.set(id, await ask(url, { method, headers: { 'X-Call': id, ...own }, ...sent }));
        }),
      ),
    );
  });

  afterAll(async () => {
    await nginx?.stop();
    await apis.stop();
  });

  const answerOf = (id: string): Answer => answers.get(id) as Answer;

  test.each(named)('$name: the result, as if the call were synchronous', ({ name, result }) => {
    const { status, body, ms } = answerOf(`${name}, succeeds`);
    expect([status, body]).toEqual([200, expect.stringContaining(result)]);
    expect(ms).toBeGreaterThanOrEqual(OPERATION_MS);
  });

  test.each(named)('$name: a failure is no 200', ({ name, failure: [status, text] }) => {
    const answer = answerOf(`${name}, fails`);
    expect([answer.status, answer.body]).toEqual([status, expect.stringContaining(text)]);
  });

  test.each(named)('$name: who prefers it gets the first answer', ({ name, path, first }) => {
    const id = `${name}, async`;
    const { status, headers, body } = answerOf(id);
    expect([status, body]).toEqual([first.status, expect.stringContaining(first.text ?? '')]);
    expect(headers).toMatchObject(first.header ? { [first.header]: expect.any(String) } : {});
    expect(apis.seen.get(id)).toEqual([expect.stringContaining(path)]);
  });

  test.each(named)('$name: few requests', ({ name }) => {
    for (const id of [`${name}, succeeds`, `${name}, fails`]) {
      const seen = apis.seen.get(id) ?? [];
      // the call, a poll until the operation is over at least, and polls after 0.25 s, 0.5 s and so on; the result
      expect([seen.length >= 2, seen.length <= 8, seen]).toEqual([true, true, seen]);
    }
  });

  test('a GET starts nothing: a resource with a name is no operation', async () => {
    const path = '/v1/projects/p/locations/l/instances/i';
    const headers = { 'X-Call': 'a resource' };
    const answer = await ask(`http://127.0.0.1:${nginx.port}${path}`, { headers });
    expect(answer.headers['content-encoding']).toBe('gzip');
    expect([answer.status, answer.body]).toEqual([200, expect.stringContaining('"READY"')]);
    expect(apis.seen.get('a resource')).toEqual([`GET ${path}`]);
  });
});
