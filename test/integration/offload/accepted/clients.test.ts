/**
 * Azure's and Google's own clients with the stand-ins of their APIs, so that these are what the services are, and behind
 * nginx, where such a client has its result by the first answer. pygeoapi in place of the stand-in of OGC API Processes.
 */

import { execFile, execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Apis } from '../../../../testkit/apps/apis/server';
import { type Answer, call } from '../../../../testkit/clients/client';
import { Nginx, onRelease, stable } from '../../../../testkit/servers/nginx';
import { Pygeoapi } from '../../../../testkit/servers/pygeoapi';
import { linesOfApis, partsOf } from './lines';

const OGC = 'ogc.example';
const VM = '/subscriptions/1/resourceGroups/group/providers/Microsoft.Compute/virtualMachines/vm';

interface Row {
  name: string;
  client: 'azure' | 'arm' | 'google';
  method: string;
  path: string;
  /** Status of the API's first answer. */
  first: number;
  result: unknown;
  /** In the error that the client throws, and the status by nginx. */
  error: string;
  failed: number;
}

const rows: Row[] = [
  {
    ...{ name: 'Azure, data plane, inline', client: 'azure', method: 'POST', first: 202 },
    path: '/documentintelligence/documentModels/read:analyze?api-version=2024-11-30',
    result: { status: 'succeeded', analyzeResult: { content: 'read' } },
    ...{ error: 'Invalid request.', failed: 500 },
  },
  {
    ...{ name: 'Azure, data plane, at resourceLocation', client: 'azure', method: 'POST' },
    path: '/documentintelligence/documentModels:build?api-version=2024-11-30',
    ...{ first: 202, result: { modelId: 'built', status: 'running' } },
    ...{ error: 'Invalid request.', failed: 500 },
  },
  {
    ...{ name: 'Azure Resource Manager, PUT', client: 'arm', method: 'PUT', first: 201 },
    ...{ path: `${VM}?api-version=2024-07-01`, error: 'The machine is in use.', failed: 500 },
    result: { id: VM, name: 'vm', properties: { provisioningState: 'Succeeded' } },
  },
  {
    ...{ name: 'Azure Resource Manager, POST', client: 'arm', method: 'POST', first: 202 },
    ...{ path: `${VM}/restart?api-version=2024-07-01`, result: { machine: 'restarted' } },
    ...{ error: 'The machine is in use.', failed: 500 },
  },
  {
    ...{ name: 'Azure Resource Manager, Location alone', client: 'arm', method: 'POST' },
    ...{ path: `${VM}/deallocate?api-version=2024-07-01`, result: { machine: 'restarted' } },
    ...{ first: 202, error: 'The machine is in use.', failed: 409 },
  },
  {
    ...{ name: 'Google', client: 'google', method: 'POST', first: 200, result: '3s' },
    ...{ path: '/v1/projects/p/locations/l/instances' },
    ...{ error: 'the tier is invalid', failed: 500 },
  },
];

/** What testkit/clients/vendor.py prints. */
interface Had {
  first: number;
  result?: unknown;
  error?: string;
}

describe.each(stable)(onRelease, (release) => {
  const apis = new Apis(600, 'http');
  const environment = execFileSync('build/setup/api-clients.sh', { encoding: 'utf8' }).trim();
  let pygeoapi: Pygeoapi;
  let nginx: Nginx;

  beforeAll(async () => {
    await apis.start();
    pygeoapi = await Pygeoapi.start(environment, `https://${OGC}`);
    nginx = await Nginx.start(release, {
      appPort: apis.port,
      ...partsOf(linesOfApis(), (host) => (host === OGC ? pygeoapi.port : apis.port)),
    });
  });

  afterAll(async () => {
    await nginx?.stop();
    await pygeoapi?.stop();
    await apis.stop();
  });

  const run = async (row: Row, port: number, ...headers: string[]): Promise<Had> => {
    const { stdout } = await promisify(execFile)(join(environment, 'bin/python'), [
      ...['testkit/clients/vendor.py', row.client, row.method],
      ...[`http://127.0.0.1:${port}${row.path}`, ...headers],
    ]);
    return JSON.parse(stdout);
  };

  test.each(rows)('$name: the client of the vendor, alone and behind nginx', async (row) => {
    const [alone, behind] = [await run(row, apis.port), await run(row, nginx.port)];
    expect(alone).toEqual({ first: row.first, result: row.result });
    expect(behind).toEqual({ first: 200, result: row.result });
  });

  test.each(rows)('$name: a failure is one for that client', async (row) => {
    const fails = 'X-Fails:1';
    const [alone, behind] = [await run(row, apis.port, fails), await run(row, nginx.port, fails)];
    const error = expect.stringContaining(row.error);
    expect(alone).toEqual({ first: row.first, error });
    expect(behind).toEqual({ first: row.failed, error });
  });

  describe('pygeoapi', () => {
    const execute = (process: string, inputs: object, headers = {}): Promise<Answer> =>
      call(nginx.port, `/processes/${process}/execution`, {
        method: 'POST',
        // without it, pygeoapi's results are a page
        headers: { Accept: 'application/json', 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify({ inputs }),
      });

    test('the result, once the job has ended', async () => {
      const { status, body, ms } = await execute('echo', { echoInput: 'a-1', pause: 1.5 });
      expect([status, JSON.parse(body)]).toEqual([200, { id: 'echoOutput', value: 'a-1' }]);
      expect(ms).toBeGreaterThanOrEqual(1_500);
    });

    test('a failure is no 200', async () => {
      const { status, body } = await execute('hello-world', {});
      expect([status, body]).toEqual([500, expect.stringContaining('failed')]);
    });

    test('who prefers it gets the first answer', async () => {
      const prefer = { Prefer: 'respond-async' };
      const { status, headers } = await execute('echo', { echoInput: 'a', pause: 1.5 }, prefer);
      expect([status, headers.location]).toEqual([
        201,
        expect.stringMatching(`^https://${OGC}/jobs/[\\w-]+$`),
      ]);
    });
  });
});
