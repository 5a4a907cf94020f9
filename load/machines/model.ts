/** What many held clients take of nginx, the app and Redis, from the figures of one client. */

export interface PerClient {
  /** Of nginx, for a client that is polled, and for one that waits on Redis. */
  pollingBytes: number;
  redisBytes: number;
  /** Polls a second at the app. */
  polls: number;
  /** Memory of Redis for its connection. */
  bytesAtRedis: number;
}

/** Of a way of waiting. In nginx: the client's, both ends of the private one, and that to Redis. */
export const CONNECTIONS = { polling: 3, redis: 4 };

/** Of one job at Redis, by nginx and by what writes the result. */
export const COMMANDS = {
  /** HELLO, XREAD; XADD, EXPIRE. */
  stream: 4,
  /** HELLO, SUBSCRIBE, GET; SETEX, PUBLISH. */
  celery: 5,
};

/** Clients that one machine has held in make bench-scale. */
export const MACHINE = 10_000;

export interface Capacity {
  held: number;
  /** With one more, so that the others hold all clients if one is lost. */
  machines: number;
  /** Clients that lose their connection with a machine. */
  lost: number;
  /** For all other machines together, bytes. */
  polling: { bytes: number; connections: number; pollsPerSecond: number };
  redis: {
    bytes: number;
    connections: number;
    /** At Redis. */
    clients: number;
    bytesAtRedis: number;
    streamCommandsPerSecond: number;
    celeryCommandsPerSecond: number;
    /** Messages between the nodes of a cluster, of Celery's PUBLISH. */
    clusterMessagesPerSecond: number;
  };
}

/**
 * @param jobSeconds length of a job
 * @param nodes of a Redis Cluster, with replicas
 */
export function capacity(
  held: number,
  one: PerClient,
  jobSeconds: number,
  nodes: number,
  perMachine = MACHINE,
): Capacity {
  const machines = Math.ceil(held / perMachine) + 1;
  const jobsPerSecond = held / jobSeconds;
  return {
    held,
    machines,
    lost: Math.ceil(held / machines),
    polling: {
      bytes: held * one.pollingBytes,
      connections: held * CONNECTIONS.polling,
      pollsPerSecond: held * one.polls,
    },
    redis: {
      bytes: held * one.redisBytes,
      connections: held * CONNECTIONS.redis,
      clients: held,
      bytesAtRedis: held * one.bytesAtRedis,
      streamCommandsPerSecond: jobsPerSecond * COMMANDS.stream,
      celeryCommandsPerSecond: jobsPerSecond * COMMANDS.celery,
      // a node sends what is published there to all others
      clusterMessagesPerSecond: jobsPerSecond * (nodes - 1),
    },
  };
}
