/**
 * OpenAI's responses in background mode: the document of the call and of each poll is the response itself.
 *
 * @see https://platform.openai.com/docs/guides/background
 */

import { type Call, match, NO_SUCH_OPERATION, type Operations, type Reply } from './api';

export function openAi(call: Call, operations: Operations): Reply | undefined {
  if (call.path === '/v1/responses' && call.method === 'POST') {
    const { id } = operations.start(call, 'resp_');
    return { status: 200, body: response(id, 'queued') };
  }
  const [id] = match('/v1/responses/ID', call.path) ?? [];
  if (id === undefined) {
    return undefined;
  }
  const operation = operations.find(id);
  if (operation === undefined) {
    return NO_SUCH_OPERATION;
  }
  if (!operation.isOver) {
    return { status: 200, body: response(id, 'in_progress') };
  }
  const error = { code: 'server_error', message: 'The model failed.' };
  const message = { type: 'message', content: [{ type: 'output_text', text: 'Hello' }] };
  return {
    status: 200,
    body: operation.fails
      ? { ...response(id, 'failed'), error }
      : { ...response(id, 'completed'), output: [message] },
  };
}

function response(id: string, status: string): object {
  return {
    ...{ id, object: 'response', background: true, status },
    ...{ error: null, incomplete_details: null, output: [] },
  };
}
