/**
 * Databricks' statement execution: 200 always, the state within `status`.
 *
 * @see https://docs.databricks.com/api/workspace/statementexecution
 */

import { type Call, match, NO_SUCH_OPERATION, type Operations, type Reply } from './api';

const STATEMENTS = '/api/2.0/sql/statements';

export function databricks(call: Call, operations: Operations): Reply | undefined {
  if (call.path === `${STATEMENTS}/` && call.method === 'POST') {
    const { id } = operations.start(call);
    return { status: 200, body: { statement_id: id, status: { state: 'PENDING' } } };
  }
  const [id] = match(`${STATEMENTS}/ID`, call.path) ?? [];
  if (id === undefined) {
    return undefined;
  }
  const operation = operations.find(id);
  if (operation === undefined) {
    return NO_SUCH_OPERATION;
  }
  if (!operation.isOver) {
    return { status: 200, body: { statement_id: id, status: { state: 'RUNNING' } } };
  }
  const error = { error_code: 'BAD_REQUEST', message: '[PARSE_SYNTAX_ERROR]' };
  return {
    status: 200,
    body: operation.fails
      ? { statement_id: id, status: { state: 'FAILED', error } }
      : {
          ...{ statement_id: id, status: { state: 'SUCCEEDED' } },
          ...{ manifest: { total_row_count: 1 }, result: { data_array: [['1']] } },
        },
  };
}
