/**
 * Replicate: 201 with a prediction, whose urls.get is asked until its status is a last one.
 *
 * @see https://replicate.com/docs/reference/http#predictions.create
 */

import { type Call, match, NO_SUCH_OPERATION, type Operations, type Reply } from './api';

export function replicate(call: Call, operations: Operations): Reply | undefined {
  if (call.path === '/v1/predictions' && call.method === 'POST') {
    const { id } = operations.start(call);
    return { status: 201, body: prediction(call, id, 'starting') };
  }
  const [id] = match('/v1/predictions/ID', call.path) ?? [];
  if (id === undefined) {
    return undefined;
  }
  const operation = operations.find(id);
  if (operation === undefined) {
    return NO_SUCH_OPERATION;
  }
  if (!operation.isOver) {
    return { status: 200, body: prediction(call, id, 'processing') };
  }
  return {
    status: 200,
    body: operation.fails
      ? { ...prediction(call, id, 'failed'), error: 'CUDA out of memory' }
      : { ...prediction(call, id, 'succeeded'), output: ['https://replicate.delivery/1.png'] },
  };
}

function prediction(call: Call, id: string, status: string): object {
  const get = `${call.origin}/v1/predictions/${id}`;
  return {
    id,
    model: 'a/b',
    input: {},
    error: null,
    status,
    urls: { get, cancel: `${get}/cancel` },
  };
}
