/**
 * fal's queue: the first answer names where to ask, and where the result is.
 *
 * @see https://docs.fal.ai/documentation/model-apis/inference/queue
 */

import { type Call, match, NO_SUCH_OPERATION, type Operations, type Reply } from './api';

export function fal(call: Call, operations: Operations): Reply | undefined {
  if (call.path === '/fal-ai/flux/dev' && call.method === 'POST') {
    const { id } = operations.start(call);
    return { status: 200, body: { ...queued(call, id), queue_position: 0 } };
  }
  const [statusOf] = match('/fal-ai/flux/requests/ID/status', call.path) ?? [];
  const [responseOf] = match('/fal-ai/flux/requests/ID', call.path) ?? [];
  const id = statusOf ?? responseOf;
  if (id === undefined) {
    return undefined;
  }
  const operation = operations.find(id);
  if (operation === undefined) {
    return NO_SUCH_OPERATION;
  }
  if (statusOf !== undefined) {
    return operation.isOver
      ? { status: 200, body: { status: 'COMPLETED', ...queued(call, id), logs: null } }
      : { status: 202, body: { status: 'IN_PROGRESS', ...queued(call, id) } };
  }
  if (!operation.isOver) {
    return { status: 400, body: { detail: 'Request is still in progress' } };
  }
  return operation.fails
    ? { status: 422, body: { detail: [{ loc: ['body', 'prompt'], msg: 'field required' }] } }
    : { status: 200, body: { images: [{ url: 'https://fal.media/1.png' }], seed: 1 } };
}

function queued(call: Call, id: string): object {
  const url = `${call.origin}/fal-ai/flux/requests/${id}`;
  return {
    request_id: id,
    response_url: url,
    status_url: `${url}/status`,
    cancel_url: `${url}/cancel`,
  };
}
