/** What the answer to a first call of accepted-json.conf means: its JSON may name an operation. Pure. */

import { bodyOf } from '../poll/answer';
import { filled, isJson, readDocument, stateOf } from './document';

/** What accepted-json.conf tells, in the order of accepted/internal/call.conf. */
export interface Call {
  /** Template of the operation's URL. */
  operation: string;
  /** Field of its state; may be empty. */
  status: string;
  /** Template of the result's URL; empty: the document is the result. */
  result: string;
}

/** A safe method starts no operation: what it gets may name one all the same, and is not read. */
export function mayStart(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS';
}

/** @param te the header TE of a call */
export function readCall(te: string | undefined): Call {
  const words = (te || '').split('\t');
  return { operation: words[5] || '', status: words[6] || '', result: words[7] || '' };
}

export interface Started {
  status: number;
  contentType: string | undefined;
  contentLength: string | undefined;
  bodyLength: number;
  body: { readonly responseText?: string };
}

/**
 * `hold`: the operation is at a URL. `pass`: the answer is the client's, perhaps with another status. `lost`: it was cut
 * off.
 */
export type Start = { do: 'hold'; url: string } | { do: 'pass'; status: number } | { do: 'lost' };

/** @param isAsync the client prefers the API's own answer */
export function decideOnStart(call: Call, started: Started, isAsync: boolean): Start {
  const status = started.status;
  if (bodyOf(status, started.contentLength, started.bodyLength) === 'truncated') {
    return { do: 'lost' };
  }
  if (isAsync || status < 200 || status > 202 || !isJson(started.contentType)) {
    return { do: 'pass', status };
  }
  const document = readDocument(started.body.responseText);
  if (document === undefined) {
    return { do: 'pass', status };
  }
  // without a field of its state, a 200 is what it is everywhere: done
  const unsaid = status === 200 ? 'done' : 'running';
  const state = call.status === '' ? unsaid : stateOf(document, call.status);
  if (state === 'failed') {
    return { do: 'pass', status: 500 };
  }
  const url = filled(call.operation, document);
  const isResult = url === '' || (state === 'done' && call.result === '');
  return isResult ? { do: 'pass', status } : { do: 'hold', url };
}
