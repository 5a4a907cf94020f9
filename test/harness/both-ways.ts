/** The same answer of the same app, both through nginx as it is and as the result of a job. */

import { type Protocol, type Script, ScriptedApp } from '../upstream/scripted';
import type { Parts } from './configuration';
import { Nginx, type Release } from './nginx';
import { type RawAnswer, rawCall } from './raw';

export interface Pair {
  direct: RawAnswer;
  offloaded: RawAnswer;
  /** How often the app was asked for the result; polls that it told "not yet" aside. */
  asked: number;
}

export class BothWays {
  private scripts = 0;

  private constructor(
    readonly app: ScriptedApp,
    readonly nginx: Nginx,
  ) {}

  /** @param protocol what nginx and the app talk */
  static async start(
    release: Release,
    parts: Partial<Parts> = {},
    protocol: Protocol = 'proxy',
  ): Promise<BothWays> {
    const app = new ScriptedApp(protocol);
    await app.start();
    // a regular expression takes the place of the locations for HTTP
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
    return new BothWays(app, nginx);
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
    return { offloaded, asked: this.app.given.get(id) ?? 0 };
  }

  private add(script: Script): string {
    const id = String(++this.scripts);
    this.app.script(id, script);
    return id;
  }
}

/** Pairs that differ, for `expect(await differing(…)).toEqual([])`; all at the same time. */
export async function differing(
  ways: BothWays,
  scripts: Record<string, Script>,
  method = 'GET',
): Promise<object[]> {
  const pairs = await Promise.all(
    Object.entries(scripts).map(async ([name, script]) => ({
      name,
      ...(await ways.pair(script, method)),
    })),
  );
  return pairs.filter(({ direct, offloaded }) => !isSame(direct, offloaded)).map(shortened);
}

function isSame(a: RawAnswer, b: RawAnswer): boolean {
  return JSON.stringify(shown(a)) === JSON.stringify(shown(b)) && a.body.equals(b.body);
}

function shown({ body, ...rest }: RawAnswer): object {
  return { ...rest, body: body.length > 100 ? `${body.length} bytes` : body.toString('latin1') };
}

function shortened({ direct, offloaded, ...rest }: Pair & { name: string }): object {
  return { ...rest, direct: shown(direct), offloaded: shown(offloaded) };
}
