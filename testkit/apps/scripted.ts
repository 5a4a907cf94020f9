/**
 * An app with scripted raw responses, sent directly or as the result of a job.
 *
 *   /direct/ID   the response
 *   /job/ID      signals a job whose result is the response
 *   /poll/ID/N   "not yet" `notYet` times, then the response
 */

import net from 'node:net';
import { endOfRequest, standardOutput } from './fastcgi';

export interface Script {
  /** The response, written in pieces with a pause between them. */
  pieces: (string | Buffer)[];
  /**
   * Ends the connection after the last piece without completing the response. Default: a complete
   * response, which ends with a record in FastCGI, otherwise with the connection.
   */
  end?: 'FIN' | 'RST';
  /** The following response; default: the same again. */
  next?: Script;
  /** Lines of the signal besides its own. */
  signal?: string[];
  /** Its status; default: 418. */
  signalStatus?: number;
  /** Number of polls that get "not yet" first. */
  notYet?: number;
}

/** Long enough for nginx to read each piece separately, and to read all of them before a reset. */
const PAUSE_MS = 15;

/** nginx's names in *_pass. */
export type Protocol = 'proxy' | 'uwsgi' | 'fastcgi' | 'scgi';

/** Finds the path in a request of any of the protocols. */
const PATH = /\/(direct|job|poll)\/[\w/]+/;

export class ScriptedApp {
  port = 0;
  /** All requests; those over HTTP as `GET /direct/1`. */
  readonly seen: string[] = [];
  /** How often a response of each script was sent. */
  readonly sent = new Map<string, number>();
  private readonly scripts = new Map<string, Script>();
  private readonly polls = new Map<string, number>();
  private readonly sockets = new Set<net.Socket>();
  private readonly isFastCgi: boolean;
  private readonly server = net.createServer({ noDelay: true }, (socket) => this.serve(socket));

  constructor(protocol: Protocol = 'proxy') {
    this.isFastCgi = protocol === 'fastcgi';
  }

  /** @param id a path segment; replaces a script with the same id */
  script(id: string, script: Script): void {
    this.scripts.set(id, script);
    this.sent.set(id, 0);
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
      // the request is small enough for one packet
      if (path !== undefined) {
        // one request per connection; further data is discarded
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
      this.write(socket, emptyResponse('404 Not Found'));
    } else if (route === 'job') {
      const lines = [
        'X-OffloadToPoller-Url: /poll',
        `X-OffloadToPoller-Args: ${id}`,
        ...(script.signal ?? []),
        '',
      ];
      this.write(socket, emptyResponse(`${script.signalStatus ?? 418} Queued`, lines.join('\r\n')));
    } else if (route === 'poll' && this.isNotYet(id, script)) {
      this.write(socket, emptyResponse('400 Not Yet'));
    } else {
      this.sent.set(id, (this.sent.get(id) ?? 0) + 1);
      this.scripts.set(id, script.next ?? script);
      this.write(socket, script);
    }
  }

  private isNotYet(id: string, script: Script): boolean {
    const polls = (this.polls.get(id) ?? 0) + 1;
    this.polls.set(id, polls);
    return polls <= (script.notYet ?? 0);
  }

  private write(socket: net.Socket, script: Script): void {
    const [first = '', ...others] = script.pieces;
    socket.write(this.isFastCgi ? standardOutput(first) : first);
    if (others.length > 0) {
      setTimeout(() => this.write(socket, { ...script, pieces: others }), PAUSE_MS);
    } else if (script.end === 'RST') {
      setTimeout(() => socket.resetAndDestroy(), PAUSE_MS);
    } else {
      socket.end(this.isFastCgi && script.end === undefined ? endOfRequest() : '');
    }
  }
}

function emptyResponse(status: string, lines = ''): Script {
  return { pieces: [`HTTP/1.1 ${status}\r\n${lines}Content-Length: 0\r\n\r\n`] };
}
