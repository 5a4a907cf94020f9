/**
 * Azure Resource Manager: Azure-AsyncOperation has the status, as a document of 200; Location is a 202 until the result
 * is there. A resource that is PUT is at its own URL then, the result of a POST at the Location.
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations
 * @see https://github.com/Azure/azure-resource-manager-rpc/blob/master/v1.0/async-api-reference.md
 */

import { type Call, match, NO_SUCH_OPERATION, type Operations, type Reply } from './api';

const ROOT = '/subscriptions/1';
const VM = `${ROOT}/resourceGroups/group/providers/Microsoft.Compute/virtualMachines/vm`;
const PLACE = `${ROOT}/providers/Microsoft.Compute/locations/westus`;
const VERSION = 'api-version=2024-07-01';

export function azureResourceManager(call: Call, operations: Operations): Reply | undefined {
  if (!call.path.startsWith(ROOT)) {
    return undefined;
  }
  if (call.query.get('api-version') === null) {
    return { status: 400, body: { error: { code: 'MissingApiVersionParameter' } } };
  }
  if (call.method === 'PUT' || call.method === 'POST') {
    const { id } = operations.start(call);
    const status = `${call.origin}${PLACE}/operations/${id}?${VERSION}`;
    const result = `${call.origin}${PLACE}/results/${id}?${VERSION}`;
    const wait = { 'Retry-After': '1' };
    if (call.method === 'PUT') {
      const headers = { 'Azure-AsyncOperation': status, ...wait };
      return { status: 201, headers, body: vm('Creating') };
    }
    // restart has both, deallocate the Location alone
    const headers = call.path.endsWith('/restart') ? { 'Azure-AsyncOperation': status } : {};
    return { status: 202, headers: { ...headers, Location: result, ...wait } };
  }
  if (call.path === VM) {
    return { status: 200, body: vm('Succeeded') };
  }
  const [ofStatus] = match(`${PLACE}/operations/ID`, call.path) ?? [];
  const [ofResult] = match(`${PLACE}/results/ID`, call.path) ?? [];
  const operation = operations.find(ofStatus ?? ofResult);
  if (operation === undefined) {
    return NO_SUCH_OPERATION;
  }
  const error = { code: 'Conflict', message: 'The machine is in use.' };
  if (ofStatus === undefined) {
    if (!operation.isOver) {
      return {
        status: 202,
        headers: { Location: `${call.origin}${call.path}?${VERSION}`, 'Retry-After': '1' },
      };
    }
    return operation.fails
      ? { status: 409, body: { error } }
      : { status: 200, body: { machine: 'restarted' } };
  }
  const status = operation.isOver ? (operation.fails ? 'Failed' : 'Succeeded') : 'InProgress';
  return {
    status: 200,
    headers: operation.isOver ? {} : { 'Retry-After': '1' },
    body: { id: call.path, name: operation.id, status, ...(status === 'Failed' ? { error } : {}) },
  };
}

function vm(provisioningState: string): object {
  return { id: VM, name: 'vm', properties: { provisioningState } };
}
