/**
 * An app of large bodies, which it never holds.
 *
 *   /upload                  reads the call's body; the result tells what the call was
 *   /hasty                   signals and reads nothing of the body
 *   /huge?size=N             the result is a pattern of N bytes, with its Content-Length
 *   /huge?size=N&chunked=1   and without
 *   /direct?size=N           the same pattern at once, with no signal
 *   /poll/ID/N               "not yet" to the first poll, then the result
 */

import { createHash } from 'node:crypto';
import http from 'node:http';
import type net from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { patternOf } from './pattern';

/** What a call was, to the bit. */
export interface Digest {
  method: string;
  length: number;
  sha256: string;
}

export const NOTHING_READ: Digest = { method: '', length: 0, sha256: '' };

interface BulkJob {
  polls: number;
  give(response: http.ServerResponse): void;
}

export class BulkApp {
  port = 0;
  /** Patterns that were begun, and those of them that were written to their end. */
  begun = 0;
  written = 0;
  /** The polls' own, and the bytes of body that came with them. */
  readonly polls: http.IncomingHttpHeaders[] = [];
  carried = 0;
  private readonly jobs: BulkJob[] = [];
  private readonly http = http.createServer((request, response) => {
    // nginx 1.30 keeps connections: a POST on one that ends just then is a 502, also directly
    response.shouldKeepAlive = false;
    this.serve(request, response);
  });

  start(): Promise<void> {
    return new Promise((resolve) =>
      this.http.listen(0, '127.0.0.1', () => {
        this.port = (this.http.address() as net.AddressInfo).port;
        resolve();
      }),
    );
  }

  async stop(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  private async serve(request: http.IncomingMessage, response: http.ServerResponse) {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://app');
    const [, route, id] = pathname.split('/');
    const size = Number(searchParams.get('size'));
    const isChunked = searchParams.has('chunked');
    switch (route) {
      case 'upload': {
        const digest = await digestOf(request, request.method);
        this.signal(response, (result) => tell(result, digest));
        break;
      }
      case 'hasty':
        // whoever closes a connection with unread bytes takes back what it wrote
        request.once('close', () => response.end());
        this.signal(response, (result) => tell(result, NOTHING_READ), false);
        break;
      case 'huge':
        this.signal(response, (result) => this.give(result, size, isChunked));
        break;
      case 'direct':
        this.give(response, size, isChunked);
        break;
      case 'poll':
        this.polls.push(request.headers);
        this.carried += (await digestOf(request)).length;
        this.poll(response, this.jobs[Number(id)]);
        break;
      default:
        response.writeHead(404).end();
    }
  }

  private signal(response: http.ServerResponse, give: BulkJob['give'], ends = true): void {
    const id = this.jobs.push({ polls: 0, give }) - 1;
    const body = 'queued\n';
    response.writeHead(418, {
      'X-OffloadToPoller-Url': '/poll',
      'X-OffloadToPoller-Args': String(id),
      'Content-Length': body.length,
    });
    if (ends) {
      response.end(body);
    } else {
      response.write(body);
    }
  }

  private poll(response: http.ServerResponse, job: BulkJob | undefined): void {
    if (job === undefined) {
      response.writeHead(404).end();
    } else if (job.polls++ === 0) {
      response.writeHead(400).end();
    } else {
      job.give(response);
    }
  }

  private give(response: http.ServerResponse, size: number, isChunked: boolean): void {
    this.begun++;
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      ...(isChunked ? {} : { 'Content-Length': size }),
    });
    // a poll that finds it too large, or asks for its headers alone, breaks off
    pipeline(Readable.from(patternOf(size)), response, (error) => {
      this.written += error ? 0 : 1;
    });
  }
}

function tell(response: http.ServerResponse, digest: Digest): void {
  const text = JSON.stringify(digest);
  response.writeHead(200, { 'Content-Length': text.length }).end(text);
}

export async function digestOf(
  pieces: AsyncIterable<Buffer> | Iterable<Buffer>,
  method = '',
): Promise<Digest> {
  const hash = createHash('sha256');
  let length = 0;
  for await (const piece of pieces) {
    hash.update(piece);
    length += piece.length;
  }
  return { method, length, sha256: hash.digest('hex') };
}
