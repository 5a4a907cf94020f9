/**
 * Snowflake's SQL API: 202 with a handle, 202 while the statement runs, 422 if it fails.
 *
 * @see https://docs.snowflake.com/en/developer-guide/sql-api/handling-responses
 */

import { type Call, match, NO_SUCH_OPERATION, type Operations, type Reply } from './api';

const STATEMENTS = '/api/v2/statements';

export function snowflake(call: Call, operations: Operations): Reply | undefined {
  if (call.path === STATEMENTS && call.method === 'POST') {
    const { id } = operations.start(call);
    return { status: 202, body: running(id) };
  }
  const [id] = match(`${STATEMENTS}/ID`, call.path) ?? [];
  if (id === undefined) {
    return undefined;
  }
  const operation = operations.find(id);
  if (operation === undefined || call.query.get('requestId') !== '1') {
    return NO_SUCH_OPERATION;
  }
  if (!operation.isOver) {
    return { status: 202, body: running(id) };
  }
  return operation.fails
    ? {
        status: 422,
        body: { ...names(id), code: '002140', sqlState: '42601', message: 'SQL compilation error' },
      }
    : {
        status: 200,
        body: {
          ...names(id),
          ...{ code: '090001', sqlState: '00000', message: 'Statement executed successfully.' },
          ...{ resultSetMetaData: { numRows: 1 }, data: [['1']] },
        },
      };
}

function running(id: string): object {
  const message = 'Asynchronous execution in progress.';
  return { ...names(id), code: '333334', message };
}

function names(id: string): object {
  return { statementHandle: id, statementStatusUrl: `${STATEMENTS}/${id}?requestId=1` };
}
