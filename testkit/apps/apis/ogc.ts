/**
 * OGC API Processes: 201 with the Location of the job; its results are at a URL of their own.
 *
 * @see https://docs.ogc.org/is/18-062r2/18-062r2.html#toc47
 */

import { type Call, match, NO_SUCH_OPERATION, type Operations, type Reply } from './api';

export function ogc(call: Call, operations: Operations): Reply | undefined {
  const [processID] = match('/processes/ID/execution', call.path) ?? [];
  if (processID !== undefined) {
    if (call.headers.prefer !== 'respond-async') {
      return { status: 200, body: { executed: 'synchronously' } };
    }
    const { id } = operations.start(call);
    const headers = {
      Location: `${call.origin}/jobs/${id}`,
      'Preference-Applied': 'respond-async',
    };
    return { status: 201, headers, body: statusInfo(id, 'accepted') };
  }
  const [resultsOf] = match('/jobs/ID/results', call.path) ?? [];
  const [statusOf] = match('/jobs/ID', call.path) ?? [];
  const id = resultsOf ?? statusOf;
  if (id === undefined) {
    return undefined;
  }
  const operation = operations.find(id);
  if (operation === undefined) {
    return NO_SUCH_OPERATION;
  }
  if (resultsOf === undefined) {
    const over = operation.fails ? 'failed' : 'successful';
    const status = operation.isOver ? over : operation.asked === 1 ? 'accepted' : 'running';
    return { status: 200, body: statusInfo(id, status) };
  }
  return operation.isOver && !operation.fails
    ? { status: 200, body: { buffered: { type: 'Polygon' }, status: 'running' } }
    : {
        status: 404,
        body: {
          type: 'http://www.opengis.net/def/exceptions/ogcapi-processes-1/1.0/result-not-ready',
        },
      };
}

function statusInfo(jobID: string, status: string): object {
  return {
    processID: 'buffer',
    type: 'process',
    jobID,
    status,
    progress: status === 'successful' ? 100 : 5,
  };
}
