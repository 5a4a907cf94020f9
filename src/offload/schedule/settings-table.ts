/**
 * The settings, as users read them: make dist writes them to http.conf, make format to docs/settings.md. In no bundle,
 * as njs makes each object of a module in each VM: settings.ts has the defaults and bounds that the code reads.
 */

import { DEFAULTS } from './settings';

export interface Setting {
  /** Of the variable, without `$offload_`. */
  name: string;
  default: string;
  range: string;
  /** Where nginx takes it. */
  context: string;
  /** What it is. */
  sentence: string;
  costs: string;
}

/** `js_var` is the default, and nginx has `set` at these levels, `map` in http. */
const CONTEXT = 'http (map), server, location, if';

/** Sentences without their capital and full stop; code is in backticks. */
export const SETTINGS: Setting[] = [
  {
    name: 'timeout',
    default: DEFAULTS.timeout,
    range: '10ms to 1d',
    context: CONTEXT,
    sentence:
      'the longest wait of a client; then it gets a 504, or a 202 where it can ask for the operation itself',
    costs:
      'a client whose job never ends has its connections and its place of `offload_held` for this long',
  },
  {
    name: 'poll_cost',
    default: DEFAULTS.poll_cost,
    range: '1ms to 1h, or off',
    context: CONTEXT,
    sentence:
      'the price of a poll: one is added where it makes results this much earlier on average; `off`: nothing is learned, polls are made by the backoff',
    costs: 'with four times the price, half the polls, and results twice as late',
  },
  {
    name: 'interval',
    default: DEFAULTS.interval,
    range: '10ms to 1h',
    context: CONTEXT,
    sentence: "the backoff's first pause, and its shortest",
    costs: 'a job of 10 s has 24 polls; with `125ms` 31, with `1s` 10',
  },
  {
    name: 'backoff',
    default: DEFAULTS.backoff,
    range: '0% to 200%',
    context: CONTEXT,
    sentence: "the backoff's pause as a share of the time waited so far",
    costs:
      'a job of 10 s has 24 polls, and is 0.5 s late on average; with `20%` 16 polls, and 1 s late',
  },
  {
    name: 'max_interval',
    default: DEFAULTS.max_interval,
    range: '10ms to 1h',
    context: CONTEXT,
    sentence: "the backoff's longest pause",
    costs: 'a job of more than 5 minutes has at most 120 polls an hour; with `10s` at most 360',
  },
  {
    name: 'transient',
    default: '""',
    range: 'statuses, as "500 520"',
    context: CONTEXT,
    sentence: 'statuses of a poll that are transient errors, besides 502, 503 and 504',
    costs: 'each such answer is one more poll, up to `$offload_timeout`',
  },
  {
    name: 'retry_after',
    default: '10',
    range: 'seconds',
    context: CONTEXT,
    sentence: '`Retry-After` of a 503 by the offload',
    costs: 'nothing',
  },
  {
    name: 'identity',
    default: '""',
    range: 'any text',
    context: 'http (map)',
    sentence: 'who the client is, for the app at its polls as well (docs/app.md)',
    costs: 'a header for each poll',
  },
  {
    name: 'pending',
    default: '""',
    range: 'statuses, as "202 404"',
    context: CONTEXT,
    sentence:
      'statuses of a poll that mean "not yet", in place of 202, or of 202, 400 and 425 for X-OffloadToPoller-Url',
    costs: 'nothing',
  },
  {
    name: 'accept',
    default: '202',
    range: '"202", "201" or "201 202"',
    context: CONTEXT,
    sentence: 'the statuses that, with a Location, name an operation (docs/accepted.md)',
    costs: 'nothing',
  },
  {
    name: 'operation',
    default: '""',
    range: 'a URL with {fields}',
    context: CONTEXT,
    sentence: 'accepted-json.conf: the operation, by the JSON of the first answer',
    costs: 'that answer is read by JavaScript',
  },
  {
    name: 'status',
    default: '""',
    range: 'a field, as status.state',
    context: CONTEXT,
    sentence:
      'the field of a JSON answer of 200 that says how far an operation is; empty: a 200 is the result',
    costs: 'JSON is read at each poll',
  },
  {
    name: 'result',
    default: '""',
    range: 'a URL with {fields}',
    context: CONTEXT,
    sentence:
      'where the result of a finished operation is, by its JSON; `location`: the header Location of the first answer; empty: it is that answer',
    costs: 'one request more for each result',
  },
  {
    name: 'longest_wait',
    default: '""',
    range: '10ms to 1d',
    context: CONTEXT,
    sentence:
      'the longest time that a client may have by `Prefer: wait=N`; empty: `$offload_timeout`',
    costs: 'a client may be held for this long',
  },
  {
    name: 'cancel_operation',
    default: 'off',
    range: 'on, off',
    context: CONTEXT,
    sentence: 'whether an operation gets a DELETE when its client leaves',
    costs: 'a request for each client that leaves',
  },
  {
    name: 'upstream_host',
    default: '""',
    range: 'a host, as api.example:8443',
    context: 'server, location of the waiter',
    sentence:
      'the host that an API may name in its URLs beside the one of the client; empty: that of `proxy_pass`',
    costs: 'nothing',
  },
];
