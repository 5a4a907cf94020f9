/** What each stand-in of an asynchronous API is made of: its requests, its answers, and its operations. */

import type http from 'node:http';

export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: http.IncomingHttpHeaders;
  body: string;
  /** `https://` and the header Host, as services name themselves. */
  origin: string;
}

export interface Reply {
  status: number;
  headers?: http.OutgoingHttpHeaders;
  /** As JSON; undefined: none. */
  body?: unknown;
}

/** @returns undefined: another API's path */
export type Api = (call: Call, operations: Operations) => Reply | undefined;

export interface Operation {
  id: string;
  fails: boolean;
  started: number;
  isOver: boolean;
  /** Requests for it, this one too. */
  asked: number;
}

/** Each runs for the same time; one whose call has the header X-Fails fails. */
export class Operations {
  private readonly all = new Map<string, Operation>();

  constructor(private readonly ms: number) {}

  start(call: Call, prefix = ''): Operation {
    const fails = call.headers['x-fails'] !== undefined;
    const id = `${prefix}${crypto.randomUUID()}`;
    const operation = { id, fails, started: Date.now(), isOver: false, asked: 0 };
    this.all.set(id, operation);
    return operation;
  }

  find(id: string | undefined): Operation | undefined {
    const operation = this.all.get(id ?? '');
    if (operation !== undefined) {
      operation.asked++;
      operation.isOver = Date.now() - operation.started >= this.ms;
    }
    return operation;
  }
}

/** The parts of a path that a pattern such as `/jobs/ID/results` has in capitals; undefined if it is another path. */
export function match(pattern: string, path: string): string[] | undefined {
  const expression = pattern.replace(/[.$]/g, '\\$&').replace(/\b[A-Z]+\b/g, '([^/]+)');
  return new RegExp(`^${expression}$`).exec(path)?.slice(1);
}

export const NO_SUCH_OPERATION: Reply = { status: 404, body: { error: 'no such operation' } };
