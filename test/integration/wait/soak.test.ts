/**
 * All faults at once, on every nginx of the matrix at the same time: the app restarts, breaks
 * and hangs, nginx reloads, worker processes are killed, clients leave.
 */

import { call, leaverOverHttp1 } from '../../harness/client';
import { jobsLocation } from '../../harness/configuration';
import { long } from '../../harness/long';
import { matrix, Nginx, onRelease } from '../../harness/nginx';
import { memoryOf } from '../../harness/processes';
import { sleep, until } from '../../harness/until';
import { App } from '../../upstream/app';
import { resultOf } from '../../upstream/jobs';

const SOAK_MS = long(300_000, 30_000);
const CLIENTS = 40;
const WORKERS = 3;
/** What a broken connection may be put down to a killed worker process for. */
const AFTER_KILL_MS = 2000;

const kinds = [
  '',
  '&fault=reset',
  '&fault=garbage',
  '&fault=slow',
  '&pending=202&retry_after=1',
  '&pending=503&retry_after=1',
  '&pending=502',
  '&pending=504',
  '&cuts=1',
  '&size=200000',
  '&size=1500000',
  '&status=201',
  '&status=500',
];

class Soak {
  readonly app = new App({ workers: 8, backlog: 4096 });
  nginx!: Nginx;
  /** Clients that got no answer, or an error, and why that is nobody's fault but nginx's. */
  readonly lost: string[] = [];
  readonly mixedUp: string[] = [];
  /** What clients got before there was a job to lose: the app was down. */
  unqueued = 0;
  answered = 0;
  left = 0;
  memoryAtStart = 0;
  /** Clients of worker processes that were killed. */
  broken = 0;
  private isOver = false;
  private killed = 0;

  async start(release: (typeof matrix)[number]): Promise<void> {
    await this.app.start();
    this.nginx = await Nginx.start(release, {
      appPort: this.app.port,
      workerProcesses: WORKERS,
      // contexts that are kept for the next requests would hide what is lost
      http: release.engine === 'qjs' ? 'js_context_reuse 8;' : '',
      waiter: jobsLocation,
    });
    this.memoryAtStart = await this.memoryAfterCrowd();
  }

  /** Bytes that worker processes have left of a small crowd, and of what was before. */
  async memoryAfterCrowd(): Promise<number> {
    await Promise.all(Array.from({ length: 100 }, () => call(this.nginx.port, '/job?length=500')));
    await this.nginx.trimMemory();
    return memoryOf(this.nginx.workerPids());
  }

  async run(ms: number): Promise<void> {
    const clients = Array.from({ length: CLIENTS }, (_, i) => this.repeat(() => this.client(i)));
    const faults = [
      this.every(3000, () => this.nginx.run('nginx', '-s', 'reload')),
      this.every(5000, () => this.restartApp()),
      this.every(7000, () => this.killWorker()),
    ];
    await sleep(ms);
    this.isOver = true;
    await Promise.all([...clients, ...faults]);
  }

  async stop(): Promise<void> {
    await this.nginx.stop();
    await this.app.stop();
  }

  private async repeat(action: () => Promise<void>): Promise<void> {
    while (!this.isOver) {
      await action();
    }
  }

  private async every(ms: number, action: () => Promise<void>): Promise<void> {
    for (let due = Date.now() + ms; !this.isOver; await sleep(100)) {
      if (Date.now() >= due) {
        await action();
        due = Date.now() + ms;
      }
    }
  }

  private async restartApp(): Promise<void> {
    await this.app.stop();
    await sleep(500);
    await this.app.start();
  }

  private async killWorker(): Promise<void> {
    const pids = this.nginx.workerPids();
    process.kill(pids[Math.floor(Math.random() * pids.length)] as number, 'SIGKILL');
    this.killed = Date.now();
  }

  private async client(number: number): Promise<void> {
    if (number % 5 === 0) {
      const leaver = leaverOverHttp1(this.nginx.port, '/job?length=60000&cancel=/jobs/');
      await sleep(Math.random() * 2000);
      leaver.leave(number % 2 === 0 ? 'FIN' : 'RST');
      this.left++;
      return;
    }
    const kind = kinds[Math.floor(Math.random() * kinds.length)];
    const length = 100 + Math.round(Math.random() * 3000);
    const tag = Math.random().toString(36).slice(2);
    const path = `/job?length=${length}${kind}&tag=${tag}`;
    const asked = Date.now();
    const outcome = await call(this.nginx.port, path).catch(String);
    const job = this.app.jobs.tagged(tag);
    if (typeof outcome === 'string') {
      if (this.killed >= asked && Date.now() - this.killed < AFTER_KILL_MS) {
        this.broken++;
      } else {
        this.lost.push(`${path}: ${outcome}`);
      }
    } else if (job === undefined) {
      // the app was down, or went down before it read the call
      this.unqueued++;
      await sleep(50);
    } else if (outcome.headers['x-job'] !== String(job.id)) {
      this.lost.push(`${path}: ${outcome.status} after ${outcome.ms} ms`);
    } else if (outcome.body !== resultOf(job)) {
      this.mixedUp.push(`${path}: ${outcome.body.length} bytes`);
    } else {
      this.answered++;
    }
  }
}

/** Bytes: of QuickJS each context that is kept grows to its own size of garbage. */
const SLACK = { njs: 2 * 1024 * 1024, qjs: 8 * 1024 * 1024 };

describe(`a soak of ${SOAK_MS / 1000} s`, () => {
  const soaks = new Map(matrix.map((release) => [release, new Soak()]));

  beforeAll(async () => {
    await Promise.all([...soaks].map(([release, soak]) => soak.start(release)));
    await Promise.all([...soaks.values()].map((soak) => soak.run(SOAK_MS)));
  }, SOAK_MS + 90_000);

  afterAll(async () => {
    await Promise.all([...soaks.values()].map((soak) => soak.stop()));
  });

  describe.each(matrix)(onRelease, (release) => {
    const soak = soaks.get(release) as Soak;

    test('no result is lost, and none is given to another client', () => {
      const { answered, left, broken, unqueued } = soak;
      console.log(
        `${release.nginx} ${release.engine}: ${answered} answered, ${left} left, ` +
          `${broken} of killed worker processes, ${unqueued} while the app was down`,
      );
      expect(soak.lost).toEqual([]);
      expect(soak.mixedUp).toEqual([]);
      expect(answered).toBeGreaterThan(SOAK_MS / 100);
    });

    test('the app is told of a job once at most', () => {
      const jobs = soak.app.jobs.list();
      expect(jobs.filter(({ cancels }) => cancels > 1)).toEqual([]);
      expect(jobs.filter(({ cancels }) => cancels === 1).length).toBeGreaterThan(0);
    });

    test('nginx has nothing to complain of but what was done to it', () => {
      const lines = soak.nginx.errorLog().split('\n');
      const severe = lines.filter((line) => /\[(alert|crit|emerg)\]/.test(line));
      expect(severe.filter((line) => !line.includes('exited on signal 9'))).toEqual([]);
    });

    test('memory is flat: new worker processes take what the first ones took', async () => {
      const before = soak.memoryAtStart;
      await soak.nginx.run('nginx', '-s', 'reload');
      await until('the old ones are gone', () => soak.nginx.workerPids().length === WORKERS);
      expect(await soak.memoryAfterCrowd()).toBeLessThan(before * 1.05 + SLACK[release.engine]);
    });
  });
});
