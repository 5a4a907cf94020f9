/** The compared systems, each with a folder in peers/. */

export interface System {
  /** The name of its folder. */
  name: string;
  title: string;
  /** The image of its nginx, from build/images. */
  nginx: string;
  /** The command of a process that runs in addition to uWSGI. */
  beside?: string[];
}

const DEBIAN_13 = 'peers:trixie';

/** The image of the app, for all systems. */
export const APP_IMAGE = DEBIAN_13;

export const systems: System[] = [
  { name: 'uwsgi-blocking', title: '5 blocking uWSGI workers', nginx: DEBIAN_13 },
  { name: 'gevent-5x10', title: 'gevent 5 × 10', nginx: DEBIAN_13 },
  { name: 'gevent-10x10', title: 'gevent 10 × 10', nginx: DEBIAN_13 },
  {
    name: 'uwsgi-offload',
    title: 'uWSGI offload + asyncio poller',
    nginx: DEBIAN_13,
    beside: [
      ...['uvicorn', '--app-dir', '/srv/app', 'poller:app', '--log-level', 'warning'],
      ...['--host', '127.0.0.1', '--port', '@POLLER@'],
    ],
  },
  { name: 'njs-published', title: 'njs loop in the request', nginx: DEBIAN_13 },
  { name: 'lua', title: 'Lua loop in the request', nginx: DEBIAN_13 },
  { name: 'nchan', title: 'nchan long poll', nginx: DEBIAN_13 },
  { name: 'offload', title: 'nginx-offload', nginx: DEBIAN_13 },
  { name: 'offload-quickjs', title: 'nginx-offload on QuickJS', nginx: 'nginx:forky' },
];

/** This project, as opposed to its peers. */
export const isOurs = (name: string): boolean => name.startsWith('offload');
