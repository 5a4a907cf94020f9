/** The header TE as @offload writes it, by the names of its values. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTold } from '../../src/shared/told';

/** As in nginx/internal/told.conf, without `$offload_`. */
const NAMES = {
  since: 'since',
  fault: 'fault',
  timeout: 'timeout',
  interval: 'interval',
  backoff: 'backoff',
  maxInterval: 'max_interval',
  transient: 'transient',
  pollCost: 'poll_cost',
  route: 'route_name',
  scheme: 'scheme',
  port: 'port',
  requestId: 'request_id',
  pending: 'pending',
  status: 'status',
  public: 'public',
  sentOn: 'sent_on',
  call: 'call_uri',
  retryAfter: 'signal_retry_after',
  result: 'result',
  host: 'host_of_operation',
  url: 'url',
  args: 'args',
  cancel: 'cancel',
};

export type Told = Partial<Record<keyof typeof NAMES, string>>;

/** The line of the snippet, so that a test fails if it and its reader have another order. */
const [, FORMAT = ''] =
  /proxy_set_header TE "(.*)";/.exec(
    readFileSync(join(process.cwd(), 'nginx/internal/told.conf'), 'utf8'),
  ) ?? [];

/** What is left out is empty. */
export function headerTe(values: Told): string {
  const byVariable = new Map(
    Object.entries(NAMES).map(([name, variable]) => [
      `offload_${variable}`,
      values[name as keyof Told] ?? '',
    ]),
  );
  return FORMAT.replaceAll('\\t', '\t').replace(
    /\$(\w+)/g,
    (_, name: string) => byVariable.get(name) ?? '127.0.0.1',
  );
}

/** As the waiter reads them. */
export function told(values: Told): string[] {
  return readTold(headerTe(values));
}
