/**
 * Google's long-running operations, as of Filestore: JSON leaves `done` out while it is false, and a failure is done as
 * well. A resource has a name too, and is no operation.
 *
 * @see https://google.aip.dev/151
 * @see https://github.com/googleapis/googleapis/blob/master/google/longrunning/operations.proto
 */

import { type Call, match, NO_SUCH_OPERATION, type Operations, type Reply } from './api';

const PARENT = '/v1/projects/p/locations/l';

export function google(call: Call, operations: Operations): Reply | undefined {
  if (call.path === `${PARENT}/instances` && call.method === 'POST') {
    return { status: 200, body: running(operations.start(call, 'operation-').id) };
  }
  const resource = `${PARENT}/instances/i`;
  if (call.path === resource) {
    return { status: 200, body: { name: resource.slice('/v1/'.length), state: 'READY' } };
  }
  const [id] = match(`${PARENT}/operations/ID`, call.path) ?? [];
  if (id === undefined) {
    return undefined;
  }
  const operation = operations.find(id);
  if (operation === undefined) {
    return NO_SUCH_OPERATION;
  }
  if (!operation.isOver) {
    return { status: 200, body: running(id) };
  }
  const response = { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '3s' };
  const error = { code: 3, message: 'the tier is invalid' };
  return {
    status: 200,
    body: { ...running(id), done: true, ...(operation.fails ? { error } : { response }) },
  };
}

function running(id: string): object {
  const metadata = { '@type': 'type.googleapis.com/google.protobuf.Duration', value: '1s' };
  return { name: `${PARENT.slice('/v1/'.length)}/operations/${id}`, metadata };
}
