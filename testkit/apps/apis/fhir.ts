/**
 * FHIR's bulk data: an export is a GET that must prefer respond-async, and polls that come too often get a 429.
 *
 * @see https://hl7.org/fhir/uv/bulkdata/export.html
 */

import { type Call, match, NO_SUCH_OPERATION, type Operations, type Reply } from './api';

const TYPE = { 'Content-Type': 'application/fhir+json' };

export function fhir(call: Call, operations: Operations): Reply | undefined {
  if (call.path === '/fhir/$export') {
    if (call.headers.prefer !== 'respond-async') {
      return outcome(400, 'Prefer: respond-async is required');
    }
    const { id } = operations.start(call);
    const headers = { 'Content-Location': `${call.origin}/fhir/bulkstatus/${id}` };
    return {
      status: 202,
      headers: { ...TYPE, ...headers },
      body: { resourceType: 'OperationOutcome' },
    };
  }
  const [id] = match('/fhir/bulkstatus/ID', call.path) ?? [];
  if (id === undefined) {
    return undefined;
  }
  const operation = operations.find(id);
  if (operation === undefined) {
    return NO_SUCH_OPERATION;
  }
  const wait = { 'Retry-After': '1' };
  if (operation.asked === 1) {
    return { ...outcome(429, 'too many polls'), headers: { ...TYPE, ...wait } };
  }
  if (!operation.isOver) {
    return { status: 202, headers: { 'X-Progress': '50%', ...wait } };
  }
  return operation.fails
    ? outcome(500, 'the export failed')
    : {
        status: 200,
        headers: { Expires: new Date(Date.now() + 3_600_000).toUTCString() },
        body: {
          transactionTime: new Date(operation.started).toISOString(),
          request: `${call.origin}/fhir/$export`,
          requiresAccessToken: true,
          output: [{ type: 'Patient', url: `${call.origin}/fhir/files/1.ndjson` }],
          error: [],
        },
      };
}

function outcome(status: number, diagnostics: string): Reply {
  const issue = [{ severity: 'error', code: 'processing', diagnostics }];
  return { status, headers: TYPE, body: { resourceType: 'OperationOutcome', issue } };
}
