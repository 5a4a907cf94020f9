/**
 * An app of large bodies, which it does not buffer.
 *
 *   /upload                   reads the body of the call; the result is its digest
 *   /unread                   signals without reading the body
 *   /large?size=N             the result is a pattern of N bytes, with a Content-Length
 *   /large?size=N&chunked=1   the same without a Content-Length
 *   /direct?size=N            the pattern as a direct response, without a signal
 *   /poll/ID/N                "not yet" to the first poll, then the result
 */

import { createHash } from 'node:crypto';
import http from 'node:http';
import type net from 'node:net';
import { pipeline, Readable } from 'node:stream';
import { patternOf } from './pattern';

/** Method, length and hash of a call. */
export interface Digest {
  method: string;
  length: number;
  sha256: string;
}

export const NOTHING_READ: Digest = { method: '', length: 0, sha256: '' };

interface BulkJob {
  polls: number;
  respond(response: http.ServerResponse): void;
}

export class BulkApp {
  port = 0;
  /** Number of pattern responses started, and of those completed. */
  started = 0;
  completed = 0;
  /** Headers of the polls, and the total length of their bodies. */
  readonly polls: http.IncomingHttpHeaders[] = [];
  pollBodyLength = 0;
  private readonly jobs: BulkJob[] = [];
  private readonly http = http.createServer((request, response) => {
    // nginx 1.30 uses keepalive by default: a POST on a connection that is being closed gets a 502
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
        this.signal(response, (result) => sendDigest(result, digest));
        break;
      }
      case 'unread':
        // closing a connection with unread data resets it, which can discard the response
        request.once('close', () => response.end());
        this.signal(response, (result) => sendDigest(result, NOTHING_READ), false);
        break;
      case 'large':
        this.signal(response, (result) => this.sendPattern(result, size, isChunked));
        break;
      case 'direct':
        this.sendPattern(response, size, isChunked);
        break;
      case 'poll':
        this.polls.push(request.headers);
        this.pollBodyLength += (await digestOf(request)).length;
        this.poll(response, this.jobs[Number(id)]);
        break;
      default:
        response.writeHead(404).end();
    }
  }

  private signal(response: http.ServerResponse, respond: BulkJob['respond'], ends = true): void {
    const id = this.jobs.push({ polls: 0, respond }) - 1;
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
      job.respond(response);
    }
  }

  private sendPattern(response: http.ServerResponse, size: number, isChunked: boolean): void {
    this.started++;
    response.writeHead(200, {
      'Content-Type': 'application/octet-stream',
      ...(isChunked ? {} : { 'Content-Length': size }),
    });
    // nginx closes the connection if the result is too large, or after the headers
    pipeline(Readable.from(patternOf(size)), response, (error) => {
      this.completed += error ? 0 : 1;
    });
  }
}

function sendDigest(response: http.ServerResponse, digest: Digest): void {
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
