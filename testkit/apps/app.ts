/**
 * A test app on blocking workers, which signals slow work with X-OffloadToPoller.
 *
 *   /job?length=5000        queues a job and signals it; other parameters: jobs.ts
 *   /work?job=a-1&length=5000   the same, with `result of a-1` as the result
 *   /poll/ID/N              "not yet", or the result
 *   /blocking?length=5000   work of that length in the worker
 *   /jobs/ID                DELETE cancels a job
 *   /found/ID               a result, for the Location of a poll
 *   /no-signal              a 418 without a signal
 *   /signal?url=U&args=A    a 418 with the given signal
 *   /fast                   an immediate response
 *   /status?status=401      an immediate response with that status
 *   /counts                 all jobs as JSON
 */

import type http from 'node:http';
import { type Job, Jobs, readJobRequest, resultOf } from './jobs';
import { Workers, type WorkersOptions } from './workers';

/** A request received by the app. */
export interface Seen {
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
}

export class App {
  readonly jobs = new Jobs();
  /** All requests, in the order in which workers accepted them. */
  readonly seen: Seen[] = [];
  port = 0;
  private readonly options: WorkersOptions;
  private workers: Workers | undefined;

  constructor(options: WorkersOptions = { workers: 4, backlog: 4096 }) {
    this.options = options;
  }

  async start(port = this.port): Promise<void> {
    this.workers = new Workers(this.options, (request, response) => this.serve(request, response));
    this.port = await this.workers.listen(port);
  }

  /** It can be started again on the same port; the jobs are kept, as in an external queue. */
  async stop(): Promise<void> {
    await this.workers?.close();
    this.workers = undefined;
  }

  private serve(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { method = '', url = '', headers } = request;
    this.seen.push({ method, url, headers });
    request.resume();
    const { pathname, searchParams } = new URL(url, 'http://app');
    const [, route, id] = pathname.split('/');
    switch (route) {
      case 'job':
      case 'work':
        signalJob(response, this.jobs.start(readJobRequest(searchParams)));
        break;
      case 'jobs':
        this.cancel(response, method, Number(id));
        break;
      case 'poll':
        this.poll(response, Number(id));
        break;
      case 'blocking':
        setTimeout(() => response.end('done\n'), Number(searchParams.get('length')));
        break;
      case 'found':
        response.end(`found ${method} ${url}\n`);
        break;
      case 'no-signal':
        response.writeHead(418, { 'Content-Type': 'text/plain' }).end('no signal\n');
        break;
      case 'signal':
        signal(response, searchParams.get('url') ?? '', searchParams.get('args') ?? '');
        break;
      case 'status':
        response.writeHead(Number(searchParams.get('status'))).end("the app's own\n");
        break;
      case 'counts':
        response.end(JSON.stringify(this.jobs.list()));
        break;
      case 'fast':
        response.end('fast\n');
        break;
      default:
        response.writeHead(404).end('no such route\n');
    }
  }

  private cancel(response: http.ServerResponse, method: string, id: number): void {
    const job = this.jobs.get(id);
    if (job === undefined || method !== 'DELETE') {
      response.writeHead(job === undefined ? 404 : 405).end();
      return;
    }
    job.cancels++;
    response.writeHead(job.cancelStatus).end();
  }

  private poll(response: http.ServerResponse, id: number): void {
    const job = this.jobs.get(id);
    if (job === undefined) {
      response.writeHead(404).end('no such job\n');
      return;
    }
    job.polls.push(Date.now() - job.started);
    if (this.jobs.isDone(job)) {
      result(response, job);
    } else {
      notYet(response, job);
    }
  }
}

function signalJob(response: http.ServerResponse, job: Job): void {
  if (job.hint !== '') {
    response.setHeader('Retry-After', job.hint);
  }
  if (job.cancel !== '') {
    response.setHeader('X-Offload-Cancel', `${job.cancel}${job.id}`);
  }
  signal(response, '/poll', String(job.id));
}

function signal(response: http.ServerResponse, url: string, args: string): void {
  response.writeHead(418, {
    ...(url === '' ? {} : { 'X-OffloadToPoller-Url': url }),
    ...(args === '' ? {} : { 'X-OffloadToPoller-Args': args }),
  });
  response.end('queued\n');
}

function notYet(response: http.ServerResponse, job: Job): void {
  switch (job.fault) {
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'hang':
      return;
    case 'garbage':
      response.socket?.end('\x00\x01 not HTTP\r\n\r\n');
      return;
    case 'slow':
      setTimeout(() => notYet(response, { ...job, fault: 'none' }), 200);
      return;
  }
  const body = 'not yet\n';
  response.writeHead(job.pending, {
    'Content-Length': body.length,
    ...(job.retryAfter === '' ? {} : { 'Retry-After': job.retryAfter }),
  });
  response.end(body);
}

function result(response: http.ServerResponse, job: Job): void {
  if (job.location !== '') {
    response.writeHead(303, { Location: job.location }).end();
    return;
  }
  const isBodiless = job.status === 204 || job.status === 304;
  const body = isBodiless ? '' : resultOf(job);
  job.results++;
  response.writeHead(job.status, {
    'Content-Type': 'text/plain; charset=utf-8',
    ...(isBodiless ? {} : { 'Content-Length': Buffer.byteLength(body) }),
    'Set-Cookie': ['first=1', 'second=2'],
    'X-Job': String(job.id),
  });
  if (job.results <= job.truncate) {
    response.write(body.slice(0, body.length / 2));
    setTimeout(() => response.socket?.destroy(), 20);
  } else {
    response.end(body);
  }
}
