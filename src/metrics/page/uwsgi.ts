/** What the stats server of uWSGI says (https://uwsgi-docs.readthedocs.io/en/latest/StatsServer.html). */

import { add, type Collected } from './exposition';

const LABELS = ['backend'];

interface Worker {
  status?: unknown;
  harakiri_count?: unknown;
  requests?: unknown;
}

/** @returns false if the text is no such answer */
export function collectUwsgi(collected: Collected, backend: string, text: string): boolean {
  let stats: unknown;
  try {
    stats = JSON.parse(text);
  } catch {
    return false;
  }
  const read = stats as { workers?: unknown; listen_queue?: unknown } | null;
  if (read === null || typeof read !== 'object' || !Array.isArray(read.workers)) {
    return false;
  }
  const counts: Record<string, number> = { busy: 0, idle: 0, other: 0 };
  let harakiri = 0;
  let requests = 0;
  read.workers.forEach((worker: Worker) => {
    const status = worker.status === 'busy' || worker.status === 'idle' ? worker.status : 'other';
    counts[status] = (counts[status] as number) + 1;
    harakiri += Number(worker.harakiri_count) || 0;
    requests += Number(worker.requests) || 0;
  });
  const workers = {
    name: 'offload_uwsgi_workers',
    type: 'gauge' as const,
    help: 'Workers of uWSGI by what they do: a busy one has a request in flight.',
    labels: ['backend', 'state'],
  };
  Object.keys(counts).forEach((state) => {
    add(collected, workers, [backend, state], counts[state] as number);
  });
  add(
    collected,
    {
      name: 'offload_uwsgi_harakiri_total',
      type: 'counter',
      help: 'Requests whose worker was killed, as they ran past their time.',
      labels: LABELS,
    },
    [backend],
    harakiri,
  );
  add(
    collected,
    {
      name: 'offload_uwsgi_requests_total',
      type: 'counter',
      help: 'Requests that the workers of uWSGI have served.',
      labels: LABELS,
    },
    [backend],
    requests,
  );
  add(
    collected,
    {
      name: 'offload_uwsgi_listen_queue',
      type: 'gauge',
      help: 'Connections that wait for a worker of uWSGI.',
      labels: LABELS,
    },
    [backend],
    Number(read.listen_queue) || 0,
  );
  return true;
}

/** Whether a backend answered the scrape. */
export function collectUp(collected: Collected, backend: string, isUp: boolean): void {
  add(
    collected,
    {
      name: 'offload_uwsgi_up',
      type: 'gauge',
      help: 'Whether the stats server of uWSGI answered.',
      labels: LABELS,
    },
    [backend],
    isUp ? 1 : 0,
  );
}
