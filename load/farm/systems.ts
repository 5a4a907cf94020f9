/** What is compared: how the processes of an app share its requests. */

export interface System {
  /** The path that nginx has it behind, and the folder of its sockets. */
  name: string;
  title: string;
  /** Servers of uWSGI's. */
  servers: number;
  /** All of them behind one socket, as uWSGI's zerg pool gives it out. */
  isShared?: boolean;
  /** Of each server. */
  processes: number;
  threads: number;
  /** Lines of nginx's upstream. */
  balance: string;
}

const LEAST_CONN = 'include offload/farm/balance.conf;';
const ROUND_ROBIN = 'zone offload_round_robin 1m;';

const farm = (processes: number) => ({ servers: processes, processes: 1, threads: 1 });

/** For work that blocks. */
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

/** For work that keeps the interpreter busy. */
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
