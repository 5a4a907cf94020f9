/**
 * An operation of an asynchronous API, as HTTP has it: a URL that is polled by GET, as it is, until its answer is the
 * result. With $offload_status, an answer of 200 is a document that says how far it is.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#status.202
 */

import { type Checked, isRefusal } from '../../shared/checked';
import { CALL, CANCEL, HOST, isOperation, RESULT, STATUS, URL } from '../../shared/told';
import { isListed, meaning } from '../poll/answer';
import { type Answer, contentTypeOf, type Meaning, type Protocol } from '../poll/protocol';
import { targetAt } from '../result/location';
import type { Target } from '../signal/target';
import { filled, isJson, readDocument, stateOf } from './document';

/** "Not yet", unless $offload_pending lists others. */
const STILL_RUNNING = ' 202 ';

/** From a redirect to the operation's own URL, over one to its result. */
const MOST_FOLLOWS = 3;

/**
 * A URL that the API names: of the client's host or of the upstream's, or a path.
 *
 * @param told of readTold
 * @param host the client's header Host
 * @param from the encoded path that a relative URL is relative to
 */
export function operationTarget(
  told: string[],
  url: string,
  host: string,
  from: string,
): Checked<Target> {
  return targetAt(url, [host, told[HOST] || ''], from);
}

/** The operation itself; a refusal, if its URL can't be polled. */
export function targetOfOperation(told: string[], host: string): Checked<Target> {
  return operationTarget(told, told[URL] || '', host, told[CALL] || '');
}

/** What is deleted when the client leaves: the operation, where it is what $offload_cancel names. */
export function isCancelledItself(told: string[]): boolean {
  return isOperation(told) && told[CANCEL] === told[URL];
}

/**
 * @param host the client's header Host
 * @param pending, transient statuses, as of readStatuses; empty: none are listed
 */
export function operation(
  told: string[],
  host: string,
  pending: string,
  transient: string,
): Checked<Protocol> {
  const target = targetOfOperation(told, host);
  return isRefusal(target) ? target : protocolOf(told, target, host, pending, transient);
}

function protocolOf(
  told: string[],
  target: Target,
  host: string,
  pending: string,
  transient: string,
): Protocol {
  const field = told[STATUS] || '';
  const template = told[RESULT] || '';
  const meansPending = pending === '' ? STILL_RUNNING : pending;
  return {
    method: 'GET',
    mostFollows: MOST_FOLLOWS,
    readsBody: field !== '',
    targetOf: () => target,
    meaningOf: (answer) => {
      if (answer.status === 429 && !isListed(429, meansPending)) {
        return 'transient';
      }
      const found = meaning(
        answer.status,
        answer.reply.headersOut.Location,
        meansPending,
        transient,
      );
      if (answer.status === 302 && found === 'elsewhere') {
        // to a login, for example: the client's
        return 'result';
      }
      const isDocument = found === 'result' && field !== '' && isSuccess(answer.status);
      return isDocument && !answer.poll.isOfResult && isJson(contentTypeOf(answer.reply))
        ? meaningOfDocument(answer, field, template)
        : found;
    },
    locationOf: (answer) => {
      const location = answer.reply.headersOut.Location;
      return location !== undefined && !isSuccess(answer.status)
        ? location
        : filled(template, readDocument(answer.reply.responseText));
    },
    followedTarget: (location, from) => operationTarget(told, location, host, from),
  };
}

function isSuccess(status: number): boolean {
  return status === 200 || status === 201;
}

function meaningOfDocument(answer: Answer, field: string, template: string): Meaning {
  const document = readDocument(answer.reply.responseText);
  if (document === undefined) {
    return 'unreadable';
  }
  switch (stateOf(document, field)) {
    case 'running':
      return 'pending';
    case 'failed':
      return 'failed';
    case 'done':
      return filled(template, document) === '' ? 'document' : 'elsewhere';
    default:
      return 'document';
  }
}
