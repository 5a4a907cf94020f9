/**
 * An app as HTTP has it: 202 and Location, 202 while it runs, then a redirect to the result.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#status.202
 */

import { type Call, match, NO_SUCH_OPERATION, type Operations, type Reply } from './api';

export function own(call: Call, operations: Operations): Reply | undefined {
  if (call.path === '/reports/') {
    const { id } = operations.start(call);
    return { status: 202, headers: { Location: `/reports/${id}?of=us`, 'Retry-After': '1' } };
  }
  if (call.path === '/reports/files/1') {
    return { status: 200, body: { report: 'ours' } };
  }
  const [id] = match('/reports/ID', call.path) ?? [];
  if (id === undefined) {
    return undefined;
  }
  const operation = operations.find(id);
  if (operation === undefined || call.query.get('of') !== 'us') {
    return NO_SUCH_OPERATION;
  }
  if (!operation.isOver) {
    return { status: 202, headers: { 'Retry-After': '1' } };
  }
  // the status of a failure may be that of any answer, 400 among them
  return operation.fails
    ? { status: 400, body: { error: 'no such year' } }
    : { status: 303, headers: { Location: 'files/1' } };
}
