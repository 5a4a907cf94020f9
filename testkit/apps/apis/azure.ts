/**
 * Azure's data plane, as of Document Intelligence: 202 with Operation-Location, an absolute URL, and no body. The result
 * of an analysis is in the document; that of a model that is built is where resourceLocation says.
 *
 * @see https://github.com/microsoft/api-guidelines/blob/vNext/azure/Guidelines.md#long-running-operations--jobs
 * @see https://learn.microsoft.com/rest/api/aiservices/document-models/analyze-document
 */

import { type Call, match, NO_SUCH_OPERATION, type Operations, type Reply } from './api';

const ROOT = '/documentintelligence';
const VERSION = 'api-version=2024-11-30';

export function azure(call: Call, operations: Operations): Reply | undefined {
  if (!call.path.startsWith(`${ROOT}/`)) {
    return undefined;
  }
  if (call.query.get('api-version') === null) {
    return { status: 400, body: { error: { code: 'MissingApiVersionParameter' } } };
  }
  const models = `${ROOT}/documentModels`;
  if (call.method === 'POST') {
    const place =
      call.path === `${models}:build` ? `${ROOT}/operations` : `${models}/read/analyzeResults`;
    const { id } = operations.start(call);
    const url = `${call.origin}${place}/${id}?${VERSION}`;
    return { status: 202, headers: { 'Operation-Location': url, 'Retry-After': '1' } };
  }
  if (call.path === `${models}/built`) {
    return { status: 200, body: { modelId: 'built', status: 'running' } };
  }
  const [analysis] = match(`${models}/read/analyzeResults/ID`, call.path) ?? [];
  const [build] = match(`${ROOT}/operations/ID`, call.path) ?? [];
  const operation = operations.find(analysis ?? build);
  if (operation === undefined) {
    return NO_SUCH_OPERATION;
  }
  if (!operation.isOver) {
    const status = operation.asked === 1 ? 'notStarted' : 'running';
    return { status: 200, headers: { 'Retry-After': '1' }, body: { status } };
  }
  if (operation.fails) {
    const error = { code: 'InvalidRequest', message: 'Invalid request.' };
    return { status: 200, body: { status: 'failed', error } };
  }
  return {
    status: 200,
    body:
      analysis === undefined
        ? { status: 'succeeded', resourceLocation: `${call.origin}${models}/built?${VERSION}` }
        : { status: 'succeeded', analyzeResult: { content: 'read' } },
  };
}
