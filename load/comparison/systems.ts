/** The systems that are compared, each set up by its folder in peers/. */

export interface System {
  /** That of its folder. */
  name: string;
  title: string;
  /** One of build/images: its nginx. */
  nginx: string;
  /** A process of the app's side beside uWSGI. */
  beside?: string[];
}

const DEBIAN_13 = 'peers:trixie';

/** The app's side of all systems. */
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
