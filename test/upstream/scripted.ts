/**
 * An app whose answers are scripts, byte for byte: given at once, and as the result of a job.
 *
 *   /direct/ID   the answer
 *   /job/ID      signals a job, with the answer as its result
 *   /poll/ID/N   "not yet" as often as the script has it, then the answer
 */

import net from 'node:net';
import { endOfRequest, standardOutput } from './fastcgi';

export interface Script {
  /** What is written, head and body; a pause after each piece that another one follows. */
  pieces: (string | Buffer)[];
  /**
   * Breaks off after the last piece. Left out, the answer ends as it should: in FastCGI with a
   * record that says so, elsewhere with the connection.
   */
  end?: 'FIN' | 'RST';
  /** What is answered the next time, if it is something else. */
  next?: Script;
  /** Polls that are told "not yet" before. */
  notYet?: number;
}

/** So that two pieces are two reads of nginx, and a reset finds what came before it read. */
const PAUSE_MS = 15;

/** What nginx calls them in its *_pass. */
export type Protocol = 'proxy' | 'uwsgi' | 'fastcgi' | 'scgi';

/** All that is read of a request, in whatever protocol. */
const PATH = /\/(direct|job|poll)\/[\w/]+/;

export class ScriptedApp {
  port = 0;
  /** All requests, over HTTP as `GET /direct/1`. */
  readonly seen: string[] = [];
  /** Of each script, how often an answer of it was given. */
  readonly given = new Map<string, number>();
  private readonly scripts = new Map<string, Script>();
  private readonly polls = new Map<string, number>();
  private readonly sockets = new Set<net.Socket>();
  private readonly isFastCgi: boolean;
  private readonly server = net.createServer({ noDelay: true }, (socket) => this.serve(socket));

  constructor(protocol: Protocol = 'proxy') {
    this.isFastCgi = protocol === 'fastcgi';
  }

  /** @param id a segment of a path; a script by the same name is replaced */
  script(id: string, script: Script): void {
    this.scripts.set(id, script);
    this.given.set(id, 0);
    this.polls.delete(id);
  }

  start(): Promise<void> {
    return new Promise((resolve) => {
      this.server.listen({ port: 0, host: '127.0.0.1', backlog: 1024 }, () => {
        this.port = (this.server.address() as net.AddressInfo).port;
        resolve();
      });
    });
  }

  stop(): Promise<void> {
    for (const socket of this.sockets) {
      socket.destroy();
    }
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private serve(socket: net.Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.sockets.delete(socket));
    let head = '';
    const read = (data: Buffer) => {
      head += data.toString('latin1');
      const path = PATH.exec(head)?.[0];
      // the last letters of a request are in the same packet
      if (path !== undefined) {
        // one request a connection; what comes behind it is read and dropped
        socket.off('data', read).resume();
        this.seen.push(`${head.split(' ')[0]} ${path}`);
        this.answer(socket, path);
      }
    };
    socket.on('data', read);
  }

  private answer(socket: net.Socket, path: string): void {
    const [, route = '', id = ''] = path.split('/');
    const script = this.scripts.get(id);
    if (script === undefined) {
      this.play(socket, bare('404 Not Found'));
    } else if (route === 'job') {
      const signal = `X-OffloadToPoller-Url: /poll\r\nX-OffloadToPoller-Args: ${id}\r\n`;
      this.play(socket, bare('418 Queued', signal));
    } else if (route === 'poll' && this.isNotYet(id, script)) {
      this.play(socket, bare('400 Not Yet'));
    } else {
      this.given.set(id, (this.given.get(id) ?? 0) + 1);
      this.scripts.set(id, script.next ?? script);
      this.play(socket, script);
    }
  }

  private isNotYet(id: string, script: Script): boolean {
    const polls = (this.polls.get(id) ?? 0) + 1;
    this.polls.set(id, polls);
    return polls <= (script.notYet ?? 0);
  }

  private play(socket: net.Socket, script: Script): void {
    const [first = '', ...others] = script.pieces;
    socket.write(this.isFastCgi ? standardOutput(first) : first);
    if (others.length > 0) {
      setTimeout(() => this.play(socket, { ...script, pieces: others }), PAUSE_MS);
    } else if (script.end === 'RST') {
      setTimeout(() => socket.resetAndDestroy(), PAUSE_MS);
    } else {
      socket.end(this.isFastCgi && script.end === undefined ? endOfRequest() : '');
    }
  }
}

function bare(status: string, lines = ''): Script {
  return { pieces: [`HTTP/1.1 ${status}\r\n${lines}Content-Length: 0\r\n\r\n`] };
}
