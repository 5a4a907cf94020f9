/** How each system is deployed, as its own documentation says. */

import { join } from 'node:path';
import type { Container } from '../../testkit/machines/container';
import { chosen } from '../comparison/peers';
import type { Serving } from '../runner/serve';
import { readSystem, type System } from '../runner/system';

export interface Way {
  system: System;
  /** For tables. */
  title: string;
  /** Whose old processes have to end, by name as in system.yaml, or nginx. */
  replaced: string[];
  deploy: (serving: Serving) => Promise<void>;
}

/** systemd's DefaultTimeoutStopSec. */
const STOP_MS = 90_000;

/** A reload of uWSGI begins when this file changes; the app reads its version there as well. */
const VERSION = '/srv/app/version';

const UWSGI = {
  chain: { title: 'chain reload', options: `--lazy-apps --touch-chain-reload ${VERSION}` },
  graceful: { title: 'graceful reload', options: `--touch-reload ${VERSION}` },
  restart: { title: 'restart', options: '' },
};
const UWSGI_WAYS = Object.keys(UWSGI) as (keyof typeof UWSGI)[];

export const ways: Record<string, Way[]> = {
  blocking: [none('uwsgi-blocking'), uwsgi('uwsgi-blocking', 'chain')],
  threads: UWSGI_WAYS.map((how) => uwsgi('threads', how)),
  gunicorn: bySignals(readSystem(join(import.meta.dirname, 'gunicorn'))),
  gevent: [none('gevent-10x10'), uwsgi('gevent-10x10', 'chain')],
  async: bySignals(named('async-redis')),
  pushpin: [uwsgi('pushpin', 'chain'), withWorker(uwsgi('pushpin', 'graceful'))],
  polling: [...UWSGI_WAYS.map((how) => uwsgi('offload', how)), ...ofNginx('offload')],
  redis: [
    ...UWSGI_WAYS.map((how) => withWorker(uwsgi('offload-redis', how))),
    ...ofNginx('offload-redis'),
  ],
  nchan: ofNginx('nchan'),
  lua: ofNginx('lua-redis'),
};

function named(name: string): System {
  const [found] = chosen([name]);
  if (found === undefined) {
    throw new Error(`no such system: ${name}`);
  }
  return found;
}

/** Nothing: what the load alone costs. */
function none(name: string): Way {
  const system = named(name);
  return { system, title: 'no deploy', replaced: [], deploy: async () => {} };
}

/** uWSGI's own unit for systemd stops it by SIGQUIT. */
function uwsgi(name: string, how: keyof typeof UWSGI): Way {
  const system = named(name);
  const { title, options } = UWSGI[how];
  const app = `${system.processes.app} ${options}`.trim();
  return {
    system: { ...system, processes: { ...system.processes, app } },
    title,
    replaced: ['app'],
    deploy: how === 'restart' ? restarting('QUIT') : update,
  };
}

/** Signals to the app's first process. */
function bySignals(system: System): Way[] {
  const reload: Way['deploy'] = async (serving) => {
    await update(serving);
    await appOf(serving).signal('HUP');
  };
  return [
    { system, title: 'HUP', replaced: ['app'], deploy: reload },
    { system, title: 'restart', replaced: ['app'], deploy: restarting('TERM') },
  ];
}

/** The worker on Redis as well: a new one begins jobs, and the old one ends those that it has. */
function withWorker(way: Way): Way {
  return {
    ...way,
    title: `${way.title}, warm shutdown of the worker`,
    deploy: async (serving) => {
      await Promise.all([way.deploy(serving), serving.another('worker')]);
      await serving.named.worker?.signal('TERM');
    },
  };
}

function ofNginx(name: string): Way[] {
  const way = (title: string, deploy: Way['deploy']) => ({
    ...{ system: named(name), title, replaced: ['nginx'], deploy },
  });
  return [
    way('nginx reload', async ({ nginx }) => {
      await nginx.signal('HUP');
    }),
    // another one listens at once: without it, new calls are refused until the last held one has its answer
    way('nginx quit, another nginx', async ({ nginx, another }) => {
      await nginx.signal('QUIT');
      await another('nginx');
    }),
  ];
}

/** As systemctl restart: the stop signal, SIGKILL after 90 s, and a start. */
function restarting(stop: string): Way['deploy'] {
  return async (serving) => {
    const app = appOf(serving);
    await update(serving);
    const kill = setTimeout(() => void app.signal('KILL').catch(() => {}), STOP_MS);
    // without a wait for it, docker would start a container that still runs
    const ended = app.ended();
    await app.signal(stop);
    await ended.finally(() => clearTimeout(kill));
    await app.startAgain();
  };
}

/** The new code. */
async function update(serving: Serving): Promise<void> {
  await appOf(serving).run(['sh', '-c', `echo 2 > ${VERSION}`]);
}

function appOf({ named: { app } }: Serving): Container {
  if (app === undefined) {
    throw new Error('the system has no process app');
  }
  return app;
}
