/**
 * An app whose answers are scripts, byte for byte: given at once, and as the result of a job.
 *
 *   /direct/ID   the answer
 *   /job/ID      signals a job, with the answer as its result
 *   /poll/ID/N   "not yet" as often as the script has it, then the answer
 */

import net from 'node:net';

export interface Script {
  /** What is written, head and body; a pause after each piece that another one follows. */
  pieces: (string | Buffer)[];
  /** How the connection ends after them; RST breaks off what nginx has not been told is whole. */
  end?: 'FIN' | 'RST' | 'hang';
  /** What is answered the next time, if it is something else. */
  next?: Script;
  /** Polls that are told "not yet" before. */
  notYet?: number;
}

/** So that two pieces are two reads of nginx, and a reset finds what came before it read. */
const PAUSE_MS = 15;

export class ScriptedApp {
  port = 0;
  /** All requests, as `GET /direct/1`. */
  readonly seen: string[] = [];
  /** Of each script, how often an answer of it was given. */
  readonly given = new Map<string, number>();
  private readonly scripts = new Map<string, Script>();
  private readonly polls = new Map<string, number>();
  private readonly sockets = new Set<net.Socket>();
  private readonly server = net.createServer({ noDelay: true }, (socket) => this.serve(socket));

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
      if (head.includes('\r\n\r\n')) {
        // one request a connection; what comes behind it is read and dropped
        socket.off('data', read).resume();
        const [method = '', path = ''] = head.split(' ', 2);
        this.seen.push(`${method} ${path}`);
        this.answer(socket, path);
      }
    };
    socket.on('data', read);
  }

  private answer(socket: net.Socket, path: string): void {
    const [, route = '', id = ''] = path.split('/');
    const script = this.scripts.get(id);
    if (script === undefined) {
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    } else if (route === 'job') {
      socket.end(
        'HTTP/1.1 418 Queued\r\nX-OffloadToPoller-Url: /poll\r\n' +
          `X-OffloadToPoller-Args: ${id}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
      );
    } else if (route === 'poll' && this.isNotYet(id, script)) {
      socket.end('HTTP/1.1 400 Not Yet\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    } else {
      this.given.set(id, (this.given.get(id) ?? 0) + 1);
      this.scripts.set(id, script.next ?? script);
      play(socket, script);
    }
  }

  private isNotYet(id: string, script: Script): boolean {
    const polls = (this.polls.get(id) ?? 0) + 1;
    this.polls.set(id, polls);
    return polls <= (script.notYet ?? 0);
  }
}

function play(socket: net.Socket, script: Script): void {
  const [first = '', ...others] = script.pieces;
  if (others.length > 0) {
    socket.write(first);
    setTimeout(play, PAUSE_MS, socket, { ...script, pieces: others });
    return;
  }
  switch (script.end) {
    case 'RST':
      socket.write(first);
      setTimeout(() => socket.resetAndDestroy(), PAUSE_MS);
      break;
    case 'hang':
      socket.write(first);
      break;
    default:
      socket.end(first);
  }
}
