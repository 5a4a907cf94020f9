/** The stand-ins behind one port: each has paths of its own. */

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type Api, type Call, Operations, type Reply } from './api';
import { azure } from './azure';
import { azureResourceManager } from './azure-resource-manager';
import { databricks } from './databricks';
import { durableFunctions } from './durable-functions';
import { fal } from './fal';
import { fhir } from './fhir';
import { google } from './google';
import { jsonApi } from './json-api';
import { ogc } from './ogc';
import { openAi } from './open-ai';
import { own } from './own';
import { replicate } from './replicate';
import { snowflake } from './snowflake';

const APIS: Api[] = [
  ...[own, jsonApi, azure, azureResourceManager, durableFunctions, fhir, ogc],
  ...[replicate, fal, openAi, snowflake, databricks, google],
];

export class Apis {
  port = 0;
  /** Requests by the header X-Call of their client: `GET /reports/7`. */
  readonly seen = new Map<string, string[]>();
  private readonly operations: Operations;
  private readonly server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const reply = this.serve(request, Buffer.concat(chunks).toString());
      write(response, reply, String(request.headers['accept-encoding']).includes('gzip'));
    });
  });

  /**
   * @param ms that an operation runs
   * @param scheme of the URLs that they name
   */
  constructor(
    ms: number,
    private readonly scheme: 'http' | 'https' = 'https',
  ) {
    this.operations = new Operations(ms);
  }

  start(): Promise<void> {
    return new Promise((resolve) => {
      this.server.listen(0, '127.0.0.1', () => {
        this.port = (this.server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  stop(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private serve(request: http.IncomingMessage, body: string): Reply {
    const { method = '', url = '', headers } = request;
    const id = String(headers['x-call']);
    this.seen.set(id, [...(this.seen.get(id) ?? []), `${method} ${url}`]);
    const origin = `${this.scheme}://${headers.host}`;
    const { pathname: path, searchParams: query } = new URL(url, origin);
    const call: Call = { method, path, query, headers, body, origin };
    for (const api of APIS) {
      const reply = api(call, this.operations);
      if (reply !== undefined) {
        return reply;
      }
    }
    return { status: 404, body: { error: `no API has ${path}` } };
  }
}

/** @param isCompressed as all of these services do for a client that takes it */
function write(
  response: http.ServerResponse,
  { status, headers, body }: Reply,
  isCompressed: boolean,
): void {
  const text = body === undefined ? '' : JSON.stringify(body);
  const sent = isCompressed && text !== '' ? gzipSync(text) : Buffer.from(text);
  response.writeHead(status, {
    ...(text === '' ? {} : { 'Content-Type': 'application/json' }),
    ...(isCompressed && text !== '' ? { 'Content-Encoding': 'gzip' } : {}),
    'Content-Length': sent.length,
    ...headers,
  });
  response.end(sent);
}
