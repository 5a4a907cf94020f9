/** The compared systems: ways to distribute requests to the processes of an app. */

export interface System {
  /** Its path in nginx, and the prefix of its sockets. */
  name: string;
  title: string;
  /** Number of uWSGI instances. */
  servers: number;
  /** One socket for all instances (uWSGI's zerg pool). */
  isShared?: boolean;
  /** Of each instance. */
  processes: number;
  threads: number;
  /** Directives in nginx's upstream. */
  balance: string;
}

const LEAST_CONN = 'include offload/farm/balance.conf;';
const ROUND_ROBIN = 'zone offload_round_robin 1m;';

const farm = (processes: number) => ({ servers: processes, processes: 1, threads: 1 });

/** For blocking work. */
export function waiting(processes: number): System[] {
  return [
    {
      name: 'round-robin',
      title: 'farm, round robin',
      ...farm(processes),
      balance: ROUND_ROBIN,
    },
    { name: 'least', title: 'farm, least_conn', ...farm(processes), balance: LEAST_CONN },
    {
      name: 'shared',
      title: 'farm, one socket',
      ...farm(processes),
      isShared: true,
      balance: '',
    },
    {
      name: 'pool',
      title: 'one uWSGI with as many processes',
      ...{ servers: 1, processes, threads: 1 },
      balance: '',
    },
  ];
}

/** For CPU-bound work. */
export function computing(processes: number, threads: number): System[] {
  return [
    {
      name: 'threads',
      title: `one uWSGI, ${processes} processes × ${threads} threads`,
      ...{ servers: 1, processes, threads },
      balance: '',
    },
    {
      name: 'single',
      title: `farm of ${processes}, least_conn`,
      ...farm(processes),
      balance: LEAST_CONN,
    },
    {
      name: 'processes',
      title: `one uWSGI, ${processes} processes`,
      ...{ servers: 1, processes, threads: 1 },
      balance: '',
    },
  ];
}
