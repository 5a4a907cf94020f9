/** Compares a response of an app, proxied directly, with the same response as the result of a job. */

import { type Protocol, type Script, ScriptedApp } from '../apps/scripted';
import type { Parts } from '../servers/configuration';
import { Nginx, type Release } from '../servers/nginx';
import { type RawAnswer, rawCall } from './raw';

export interface Pair {
  direct: RawAnswer;
  offloaded: RawAnswer;
  /** Number of requests for the result, without polls that got "not yet". */
  requests: number;
}

export class Comparison {
  private scripts = 0;

  private constructor(
    readonly app: ScriptedApp,
    readonly nginx: Nginx,
  ) {}

  /** @param protocol between nginx and the app */
  static async start(
    release: Release,
    parts: Partial<Parts> = {},
    protocol: Protocol = 'proxy',
  ): Promise<Comparison> {
    const app = new ScriptedApp(protocol);
    await app.start();
    // regular expressions take precedence over the default locations, which are for HTTP
    const location = (path: string, snippet: string) =>
      `location ~ ^/${path}/ {
            ${protocol === 'proxy' ? '' : `include ${protocol}_params;`}
            ${protocol}_pass ${protocol === 'proxy' ? 'http://' : ''}127.0.0.1:${app.port};
            ${snippet}
        }`;
    const calls = `
        set $offload_interval 20ms;
        ${parts.location ?? ''}
        include offload/${protocol}.conf;`;
    const nginx = await Nginx.start(release, {
      ...parts,
      appPort: app.port,
      server: `
        ${location('direct', '')}
        ${location('job', calls)}
        ${parts.server ?? ''}`,
      waiter: `
        ${location('poll', 'include offload/poll.conf;')}
        ${parts.waiter ?? ''}`,
      location: '',
    });
    return new Comparison(app, nginx);
  }

  async stop(): Promise<void> {
    await this.nginx.stop();
    await this.app.stop();
  }

  async pair(script: Script, method = 'GET'): Promise<Pair> {
    return { direct: await this.direct(script, method), ...(await this.offloaded(script, method)) };
  }

  direct(script: Script, method = 'GET'): Promise<RawAnswer> {
    return rawCall(this.nginx.port, `/direct/${this.add(script)}`, method);
  }

  async offloaded(script: Script, method = 'GET'): Promise<Omit<Pair, 'direct'>> {
    const id = this.add(script);
    const offloaded = await rawCall(this.nginx.port, `/job/${id}`, method);
    return { offloaded, requests: this.app.sent.get(id) ?? 0 };
  }

  private add(script: Script): string {
    const id = String(++this.scripts);
    this.app.script(id, script);
    return id;
  }
}

/** Runs all scripts at the same time. @returns the pairs that differ */
export async function differences(
  comparison: Comparison,
  scripts: Record<string, Script>,
  method = 'GET',
): Promise<object[]> {
  const pairs = await Promise.all(
    Object.entries(scripts).map(async ([name, script]) => ({
      name,
      ...(await comparison.pair(script, method)),
    })),
  );
  return pairs.filter(({ direct, offloaded }) => !isSame(direct, offloaded)).map(printablePair);
}

function isSame(a: RawAnswer, b: RawAnswer): boolean {
  return JSON.stringify(printable(a)) === JSON.stringify(printable(b)) && a.body.equals(b.body);
}

function printable({ body, ...rest }: RawAnswer): object {
  return { ...rest, body: body.length > 100 ? `${body.length} bytes` : body.toString('latin1') };
}

function printablePair({ direct, offloaded, ...rest }: Pair & { name: string }): object {
  return { ...rest, direct: printable(direct), offloaded: printable(offloaded) };
}
