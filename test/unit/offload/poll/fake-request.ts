/**
 * A request as njs gives it to the waiter, with an app that answers as a test says, in no
 * time. It knows what the handlers use and nothing else: the real thing is tested in
 * test/integration.
 */

/** An answer of the app to a poll, as njs shows it. */
export interface Reply {
  status: number;
  /** ms until it comes; none at all if infinite. */
  after: number;
  headers: [name: string, value: string][];
  /** Of the header Content-Length, whatever came; undefined for none. */
  declared: string | undefined;
  body: string;
  httpVersion: string;
}

export interface Subrequest {
  path: string;
  args: string;
  method: string;
}

/** njs's own object, without the shared dictionaries of the metrics. */
Object.assign(globalThis, { ngx: {} });

export class FakeRequest {
  /** What the client was answered: a status, or the target that it was redirected to. */
  readonly answers: (number | string)[] = [];
  readonly subrequests: Subrequest[] = [];
  readonly log: string[] = [];
  status = 0;
  /** A map: a header may have the name of something that every object has. */
  readonly sent = new Map<string, unknown>();
  readonly headersOut = new Proxy(
    {},
    { set: (_target, name, value) => Boolean(this.sent.set(String(name), value)) },
  );
  readonly variables: Record<string, string>;

  /**
   * @param headersIn what @offload tells the waiter
   * @param server the socket on which the waiter listens
   * @param nextReply the app
   * @param isServed whether a location with poll.conf has the path
   */
  constructor(
    readonly headersIn: Record<string, string>,
    server: string,
    private readonly nextReply: () => Reply,
    private readonly isServed: boolean,
  ) {
    this.variables = { server_addr: server };
  }

  subrequest(
    path: string,
    options: { method: string; args: string },
    then: (reply: object) => void,
  ): void {
    this.subrequests.push({ path, args: options.args, method: options.method });
    if (this.isServed) {
      this.variables.offload_unserved = 'off';
    }
    const reply = this.nextReply();
    if (Number.isFinite(reply.after)) {
      setTimeout(() => then(asNjsShows(reply)), reply.after);
    }
  }

  error(line: string): void {
    this.log.push(line);
  }

  return(status: number): void {
    this.answers.push(status);
  }

  internalRedirect(uri: string): void {
    this.answers.push(uri);
  }

  sendHeader(): void {}

  finish(): void {
    this.answers.push(this.status);
  }
}

function asNjsShows(reply: Reply): object {
  const lines = [...reply.headers];
  if (reply.declared !== undefined) {
    lines.push(['Content-Length', reply.declared]);
  }
  return {
    status: reply.status,
    httpVersion: reply.httpVersion,
    headersOut: Object.fromEntries(lines),
    rawHeadersOut: lines,
    variables: {
      upstream_http_connection: reply.headers.find(([name]) => name === 'Connection')?.[1],
    },
    responseBuffer: Buffer.from(reply.body),
  };
}
