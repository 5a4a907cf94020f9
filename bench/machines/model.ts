/** What many held clients take of nginx, the app and Redis, from the figures of one client. */

import { CONNECTIONS } from '../scale/benchmark';

export interface PerClient {
  /** Of nginx, for a client that is polled, and for one that waits on Redis. */
  pollingBytes: number;
  redisBytes: number;
  /** Polls a second at the app. */
  polls: number;
  /** Memory of Redis for its connection. */
  bytesAtRedis: number;
}

/** Of one job at Redis, by nginx and by what writes the result. */
export const COMMANDS = {
  /** HELLO, XREAD; XADD, EXPIRE. */
  stream: 4,
  /** HELLO, SUBSCRIBE, GET; SETEX, PUBLISH. */
  celery: 5,
};

/** Clients that one machine has held in make bench-scale. */
const MACHINE = 10_000;

/**
 * @param jobSeconds length of a job
 * @param nodes of a Redis Cluster, with replicas
 */
export function capacity(held: number, one: PerClient, jobSeconds: number, nodes: number) {
  // with one more, so that the others hold all clients if one is lost
  const machines = Math.ceil(held / MACHINE) + 1;
  const jobsPerSecond = held / jobSeconds;
  return {
    machines,
    /** Clients that lose their connection with a machine. */
    lost: Math.ceil(held / machines),
    /** For all other machines together. */
    polling: {
      bytes: held * one.pollingBytes,
      connections: held * CONNECTIONS.polling,
      pollsPerSecond: held * one.polls,
    },
    redis: {
      bytes: held * one.redisBytes,
      connections: held * CONNECTIONS.redis,
      /** Connections at Redis. */
      clients: held,
      bytesAtRedis: held * one.bytesAtRedis,
      streamCommandsPerSecond: jobsPerSecond * COMMANDS.stream,
      celeryCommandsPerSecond: jobsPerSecond * COMMANDS.celery,
      /** Of Celery's PUBLISH: a node sends what is published there to all others. */
      clusterMessagesPerSecond: jobsPerSecond * (nodes - 1),
    },
  };
}
