/**
 * What a held client costs nginx in memory: `make bench-memory`.
 *
 *   HELD=2000 SECONDS=10,60 OFFLOAD_MATRIX=forky make bench-memory
 *
 * For each nginx and engine: HELD clients wait for jobs of so many seconds, at the default
 * schedule (the deadline alone is later). Reads the resident memory of nginx's worker processes, each second.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { call } from '../../test/harness/client';
import setUp from '../../test/harness/set-up.mjs';
import { sleep, until } from '../../test/harness/until';

process.env.TESTCONTAINERS_RYUK_DISABLED = 'true';
process.env.OFFLOAD_MATRIX ??= 'bookworm,trixie,forky';
setUp();
const { freePort, matrix, Nginx } = await import('../../test/harness/nginx');

const held = Number(process.env.HELD ?? 2000);
const seconds = (process.env.SECONDS ?? '10,60').split(',').map(Number);

/** Each held client is three connections in nginx: its own, and both ends to the waiter. */
const openFiles = Number(
  /Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1],
);
const most = Math.floor((Math.min(openFiles, 16384) * 2) / 3 / 1.1);
if (held > most) {
  console.error(
    `HELD=${held} needs more open files than the limit allows here: at most HELD=${most}`,
  );
  process.exit(1);
}

const rows: string[] = [];
for (const release of matrix) {
  for (const length of seconds) {
    const name = `nginx ${release.nginx}, njs ${release.njs}, ${release.engine}`;
    const { growth, polls, right } = await measure(release, length);
    rows.push(
      `| ${name.padEnd(34)} | ${`${length} s`.padStart(4)} | ${polls.toFixed(1).padStart(5)} | ${growth.toFixed(0).padStart(4)} KB | ${right} of ${held} |`,
    );
  }
}
console.log(`
${held} held clients, ${cpus().length} cores, ${cpus()[0]?.model}

| nginx and engine                   | held | polls | a client | right answers |
| ---------------------------------- | ---: | ----: | -------: | ------------: |
${rows.join('\n')}`);
process.exit(0);

async function measure(release: (typeof matrix)[number], length: number) {
  const appPort = await freePort();
  const app = startApp(appPort);
  const nginx = await Nginx.start(release, {
    appPort,
    server: `
      set $offload_timeout 10m;
      limit_conn offload_held ${held}; limit_conn offload_held_by_address ${held};`,
  });
  try {
    await until('the app answers', async () => (await call(nginx.port, '/fast')).status === 200);
    const pids = nginx.workerPids();
    const before = residentKb(pids);
    let peak = 0;
    let answered = 0;
    const right = new Set<string>();
    const clients = Array.from({ length: held }, async () => {
      const answer = await call(nginx.port, `/job?length=${length * 1000}`);
      answered++;
      if (answer.body === `result of job ${answer.headers['x-job']}\n`) {
        right.add(answer.body);
      }
    });
    const started = Date.now();
    while (answered < held) {
      await sleep(1000);
      if (answered === 0) {
        peak = Math.max(peak, residentKb(pids) - before);
      }
      const at = Math.round((Date.now() - started) / 1000);
      console.log(
        `${release.engine} on ${release.release}, ${at} s: ${(peak / held).toFixed(1)} KB a client, ${answered} answered`,
      );
    }
    await Promise.all(clients);
    const jobs = JSON.parse((await call(nginx.port, '/counts')).body) as { polls: number[] }[];
    const polls = jobs.reduce((sum, job) => sum + job.polls.length, 0) / jobs.length;
    return { growth: peak / held, polls, right: right.size };
  } finally {
    await nginx.stop();
    app.kill();
  }
}

/** In a process of its own, so that clients and app do not wait for each other. */
function startApp(port: number): ChildProcess {
  return spawn(
    process.execPath,
    [
      ...['--import', 'tsx', 'test/upstream/main.ts'],
      ...['--port', String(port), '--workers', '16', '--backlog', '8192'],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
}

function residentKb(pids: number[]): number {
  return pids.reduce((sum, pid) => {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return sum + Number(/^Rss:\s+(\d+)/m.exec(rollup)?.[1]);
  }, 0);
}
