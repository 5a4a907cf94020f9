/** The jobs of the test app, and the requests for each. */

/** Parameters of a job, in the query of `/job`; all are optional. */
export interface JobRequest {
  /** ms until the result is available. */
  length: number;
  /** The status of "not yet". */
  pending: number;
  /** The response to polls instead of "not yet". */
  fault: 'none' | 'reset' | 'hang' | 'garbage' | 'slow';
  /** Retry-After of "not yet"; empty for none. */
  retryAfter: string;
  /** Retry-After of the signal; empty for none. */
  hint: string;
  /** Number of times that the connection is closed in the body of the result. */
  truncate: number;
  /** The status of the result. */
  status: number;
  /** Bytes of the result, or -1 for a line that names the job. */
  size: number;
  /** If set, a redirect to it is sent instead of the result. */
  location: string;
  /** X-Offload-Cancel of the signal, without the job's id, which is appended; empty for none. */
  cancel: string;
  /** A name by which a test finds the job. */
  tag: string;
  /** The status of a DELETE of the job. */
  cancelStatus: number;
  /** The job's name in the result; default: its id. */
  job: string;
}

export interface Job extends JobRequest {
  id: number;
  started: number;
  /** Time of each poll, in ms since the start. */
  polls: number[];
  /** How often the result was sent. */
  results: number;
  /** How often the job was cancelled. */
  cancels: number;
}

export class Jobs {
  private readonly all = new Map<number, Job>();
  private readonly byTag = new Map<string, Job>();

  start(request: JobRequest): Job {
    const job: Job = {
      ...request,
      id: this.all.size + 1,
      started: Date.now(),
      polls: [],
      results: 0,
      cancels: 0,
    };
    this.all.set(job.id, job);
    if (job.tag !== '') {
      this.byTag.set(job.tag, job);
    }
    return job;
  }

  get(id: number): Job | undefined {
    return this.all.get(id);
  }

  tagged(tag: string): Job | undefined {
    return this.byTag.get(tag);
  }

  list(): Job[] {
    return [...this.all.values()];
  }

  isDone(job: Job): boolean {
    return Date.now() - job.started >= job.length;
  }
}

export function readJobRequest(query: URLSearchParams): JobRequest {
  const number = (name: string, fallback: number) => Number(query.get(name) ?? fallback);
  return {
    length: number('length', 1000),
    pending: number('pending', 400),
    fault: (query.get('fault') ?? 'none') as JobRequest['fault'],
    retryAfter: query.get('retry_after') ?? '',
    hint: query.get('hint') ?? '',
    truncate: number('truncate', 0),
    status: number('status', 200),
    size: number('size', -1),
    location: query.get('location') ?? '',
    cancel: query.get('cancel') ?? '',
    tag: query.get('tag') ?? '',
    cancelStatus: number('cancel_status', 204),
    job: query.get('job') ?? '',
  };
}

/** The body of a job's result, unique for each job. */
export function resultOf({ id, size, job }: Pick<Job, 'id' | 'size' | 'job'>): string {
  const line = `result of ${job || `job ${id}`}\n`;
  return size < 0 ? line : line.repeat(Math.ceil(size / line.length)).slice(0, size);
}
