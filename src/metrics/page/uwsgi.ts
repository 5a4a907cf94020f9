/** What the stats server of uWSGI says (https://uwsgi-docs.readthedocs.io/en/latest/StatsServer.html). */

import { add, type Collected } from './exposition';

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
  Object.keys(counts).forEach((state) => {
    add(collected, 'offload_uwsgi_workers', [backend, state], counts[state] as number);
  });
  const queue = Number(read.listen_queue) || 0;
  add(collected, 'offload_uwsgi_harakiri_total', [backend], harakiri);
  add(collected, 'offload_uwsgi_requests_total', [backend], requests);
  add(collected, 'offload_uwsgi_listen_queue', [backend], queue);
  return true;
}

/** Whether a backend answered the scrape. */
export function collectUp(collected: Collected, backend: string, isUp: boolean): void {
  add(collected, 'offload_uwsgi_up', [backend], isUp ? 1 : 0);
}
