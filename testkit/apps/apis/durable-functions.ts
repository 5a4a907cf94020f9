/**
 * Durable Functions of Azure: a status URL with a secret in its query, which is a 404 until the instance has started.
 *
 * @see https://learn.microsoft.com/azure/azure-functions/durable/durable-functions-http-api
 */

import { type Call, match, type Operations, type Reply } from './api';

const INSTANCES = '/runtime/webhooks/durabletask/instances';
const QUERY = 'taskHub=Hub&connection=Storage&code=s3cr%2Bt%3D%3D';

export function durableFunctions(call: Call, operations: Operations): Reply | undefined {
  if (match('/api/orchestrators/NAME', call.path) !== undefined) {
    const { id } = operations.start(call);
    const url = `${call.origin}${INSTANCES}/${id}?${QUERY}`;
    const headers = { Location: url, 'Retry-After': '1' };
    return {
      status: 202,
      headers,
      body: { id, statusQueryGetUri: url, purgeHistoryDeleteUri: url },
    };
  }
  const [id] = match(`${INSTANCES}/ID`, call.path) ?? [];
  if (id === undefined) {
    return undefined;
  }
  if (call.query.get('code') !== 's3cr+t==') {
    return { status: 401 };
  }
  const operation = operations.find(id);
  if (operation === undefined || operation.asked === 1) {
    return { status: 404 };
  }
  if (!operation.isOver) {
    const headers = { Location: `${call.origin}${INSTANCES}/${id}?${QUERY}`, 'Retry-After': '1' };
    return { status: 202, headers, body: document('Running', null) };
  }
  return operation.fails
    ? { status: 200, body: document('Failed', "Orchestrator function 'hello' failed") }
    : { status: 200, body: document('Completed', ['Hello Tokyo!']) };
}

function document(runtimeStatus: string, output: unknown): object {
  return { name: 'hello', runtimeStatus, input: null, customStatus: null, output };
}
