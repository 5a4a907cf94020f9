/**
 * JSON:API: 202 with Content-Location; the job is a document of 200 while it is pending, then a 303.
 *
 * @see https://jsonapi.org/recommendations/#asynchronous-processing
 */

import { type Call, match, NO_SUCH_OPERATION, type Operations, type Reply } from './api';

const TYPE = { 'Content-Type': 'application/vnd.api+json' };

export function jsonApi(call: Call, operations: Operations): Reply | undefined {
  if (call.path === '/photos' && call.method === 'POST') {
    const { id } = operations.start(call);
    const headers = { ...TYPE, 'Content-Location': `${call.origin}/photos/queue-jobs/${id}` };
    return { status: 202, headers, body: job(id, 'Pending request, waiting other process') };
  }
  const [id] = match('/photos/queue-jobs/ID', call.path) ?? [];
  if (id !== undefined) {
    const operation = operations.find(id);
    if (operation === undefined) {
      return NO_SUCH_OPERATION;
    }
    if (!operation.isOver) {
      return {
        status: 200,
        headers: TYPE,
        body: job(id, 'Pending request, waiting other process'),
      };
    }
    return operation.fails
      ? { status: 200, headers: TYPE, body: job(id, 'failed') }
      : { status: 303, headers: { Location: `${call.origin}/photos/4577` } };
  }
  // its own status is none of the job
  return call.path === '/photos/4577'
    ? {
        status: 200,
        headers: TYPE,
        body: { data: { type: 'photos', id: '4577', attributes: { status: 'draft' } } },
      }
    : undefined;
}

function job(id: string, status: string): object {
  return { data: { type: 'queue-jobs', id, attributes: { status } } };
}
