/** How each system is deployed, as its own documentation says. */

import { join } from 'node:path';
import { until } from '../../testkit/clients/until';
import type { Container } from '../../testkit/machines/container';
import { answers, freePort } from '../../testkit/machines/ports';
import type { Serving } from '../runner/serve';
import { readSystem, type System, systemsNamed } from '../runner/system';

export interface Way {
  system: System;
  /** For tables. */
  title: string;
  /** Whose old processes have to end; none in a load without a deploy. */
  replaced?: 'app' | 'nginx';
  deploy: (serving: Serving) => Promise<void>;
}

/** systemd's DefaultTimeoutStopSec. */
const STOP_MS = 90_000;

/** A reload of uWSGI begins when this file changes; the app reads its version there as well. */
const VERSION = '/srv/app/version';

/** uWSGI's options, and what is done; uWSGI's own unit for systemd stops it by SIGQUIT. */
const UWSGI: Record<string, [options: string, deploy: Way['deploy']]> = {
  'chain reload': [`--lazy-apps --touch-chain-reload ${VERSION}`, update],
  'graceful reload': [`--touch-reload ${VERSION}`, update],
  restart: ['', restarting('QUIT')],
};

const named = (name: string) => systemsNamed([name])[0] as System;
const gunicorn = readSystem(join(import.meta.dirname, 'gunicorn'));

export const ways: Record<string, Way[]> = {
  blocking: [none('uwsgi-blocking'), ofUwsgi('uwsgi-blocking', 'chain reload')],
  threads: allOfUwsgi('threads'),
  gunicorn: bySignals(gunicorn),
  gevent: [none('gevent-10x10'), ofUwsgi('gevent-10x10', 'chain reload')],
  async: bySignals(named('async-redis')),
  pushpin: [ofUwsgi('pushpin', 'chain reload'), withWorker(ofUwsgi('pushpin', 'graceful reload'))],
  polling: [...allOfUwsgi('offload'), ...ofNginx(named('offload'))],
  hop: ofNginx(named('offload-hop')),
  redis: [...allOfUwsgi('offload-redis').map(withWorker), ...ofNginx(named('offload-redis'))],
  nchan: ofNginx(named('nchan')),
  lua: ofNginx(named('lua-redis')),
};

/** Nothing: what the load alone costs. */
function none(name: string): Way {
  return { system: named(name), title: 'no deploy', deploy: async () => {} };
}

function ofUwsgi(name: string, title: string): Way {
  const system = named(name);
  const [options, deploy] = UWSGI[title] as (typeof UWSGI)[string];
  const processes = { ...system.processes, app: `${system.processes.app} ${options}`.trim() };
  return { system: { ...system, processes }, title, replaced: 'app', deploy };
}

function allOfUwsgi(name: string): Way[] {
  return Object.keys(UWSGI).map((title) => ofUwsgi(name, title));
}

/** Signals to the app's first process. */
function bySignals(system: System): Way[] {
  const reload: Way['deploy'] = async (serving) => {
    await update(serving);
    await appOf(serving).signal('HUP');
  };
  return [
    { system, title: 'HUP', replaced: 'app', deploy: reload },
    { system, title: 'restart', replaced: 'app', deploy: restarting('TERM') },
  ];
}

/** The worker on Redis as well: a new one begins jobs, and the old one ends those that it has. */
function withWorker(way: Way): Way {
  const deploy: Way['deploy'] = async (serving) => {
    await Promise.all([way.deploy(serving), serving.another('worker')]);
    await serving.named.worker?.signal('TERM');
  };
  return { ...way, title: `${way.title}, warm shutdown of the worker`, deploy };
}

function ofNginx(system: System): Way[] {
  const reload: Way['deploy'] = ({ nginx }) => nginx.signal('HUP');
  // another one listens at once: without it, new calls are refused until the last held one has its answer
  const quit: Way['deploy'] = async ({ nginx, another }) => {
    await nginx.signal('QUIT');
    await another('nginx');
  };
  // a second machine, behind the same balancer
  const quitOfTwo: Way['deploy'] = async (serving) => {
    const port = await freePort();
    await serving.another('nginx', { NGINX: port });
    await until('the second nginx listens', () => answers(port));
    serving.portBehindHop = port;
    await quit(serving);
  };
  const its = { system, replaced: 'nginx' as const };
  return [
    { ...its, title: 'nginx reload', deploy: reload },
    system.name === 'offload-hop'
      ? { ...its, title: 'nginx quit, two machines', deploy: quitOfTwo }
      : { ...its, title: 'nginx quit, another nginx', deploy: quit },
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
  return app as Container;
}
