/** The jobs of the fake app, and what it was asked about each. */

/** How a job is asked for, in the query of `/job`; every part has a default. */
export interface JobRequest {
  /** ms until the result is there. */
  length: number;
  /** The status of "not yet". */
  pending: number;
  /** What polls get until the result is there, in the place of "not yet". */
  fault: 'none' | 'reset' | 'hang' | 'garbage' | 'slow';
  /** Retry-After of "not yet", as it stands in the header; empty for none. */
  retryAfter: string;
  /** Breaks off the result in its body at the first so many polls that find it there. */
  cuts: number;
  /** The status of the result. */
  status: number;
  /** Bytes of the result, or -1 for a line that names the job. */
  size: number;
  /** Where the result is, in the place of the result. */
  location: string;
  /** X-Offload-Cancel of the signal, to which the job's id is added; empty for none. */
  cancel: string;
  /** Names the job to who asked for it. */
  tag: string;
  /** What a DELETE of the job gets. */
  cancelStatus: number;
  /** What its result calls the job; empty for its id. */
  job: string;
}

export interface Job extends JobRequest {
  id: number;
  started: number;
  /** ms since the start of each poll. */
  polls: number[];
  /** The last segment of each poll's path, which counts them. */
  numbers: number[];
  /** How often the result was given. */
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
      numbers: [],
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
    cuts: number('cuts', 0),
    status: number('status', 200),
    size: number('size', -1),
    location: query.get('location') ?? '',
    cancel: query.get('cancel') ?? '',
    tag: query.get('tag') ?? '',
    cancelStatus: number('cancel_status', 204),
    job: query.get('job') ?? '',
  };
}

/** The body of a job's result: no two jobs have the same. */
export function resultOf({ id, size, job }: Pick<Job, 'id' | 'size' | 'job'>): string {
  const line = `result of ${job || `job ${id}`}\n`;
  return size < 0 ? line : line.repeat(Math.ceil(size / line.length)).slice(0, size);
}
