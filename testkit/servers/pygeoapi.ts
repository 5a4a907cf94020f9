/** pygeoapi, a server of OGC API Processes, with its process `echo`. It runs on this machine, as pip has installed it. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { until } from '../clients/until';
import { answers, freePort } from './nginx';

export class Pygeoapi {
  private constructor(
    readonly port: number,
    private readonly process: ChildProcess,
    private readonly folder: string,
  ) {}

  /**
   * @param environment of build/setup/api-clients.sh
   * @param url by which it names itself
   */
  static async start(environment: string, url: string): Promise<Pygeoapi> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'offload-pygeoapi-'));
    const [config, openApi] = [join(folder, 'config.yml'), join(folder, 'openapi.yml')];
    // JSON is YAML
    writeFileSync(config, JSON.stringify(configuration(port, url, folder)));
    const env = { ...process.env, PYGEOAPI_CONFIG: config, PYGEOAPI_OPENAPI: openApi };
    const program = (name: string) => join(environment, 'bin', name);
    const generate = ['openapi', 'generate', config, '--output-file', openApi];
    await promisify(execFile)(program('pygeoapi'), generate, { env });
    // not `pygeoapi serve`, whose debugger is a second process
    const output = openSync(join(folder, 'output'), 'w');
    const child = spawn(
      program('flask'),
      ['--app', 'pygeoapi.flask_app:APP', 'run', '--host', '127.0.0.1', '--port', String(port)],
      { env, stdio: ['ignore', output, output] },
    );
    closeSync(output);
    const server = new Pygeoapi(port, child, folder);
    await until('pygeoapi listens', () => {
      if (child.exitCode !== null) {
        throw new Error(`pygeoapi ended: ${readFileSync(join(folder, 'output'), 'utf8')}`);
      }
      return answers(port);
    });
    return server;
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.process.once('exit', resolve));
    this.process.kill();
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function configuration(port: number, url: string, folder: string): object {
  const text = { title: 'test', description: 'test', keywords: ['test'], url };
  return {
    server: {
      ...{ bind: { host: '127.0.0.1', port }, url, mimetype: 'application/json' },
      ...{ encoding: 'utf-8', language: 'en-US', limits: { default_items: 10, max_items: 10 } },
      map: { url: `${url}/map`, attribution: 'none' },
      manager: { name: 'TinyDB', connection: join(folder, 'jobs.db'), output_dir: folder },
    },
    logging: { level: 'ERROR' },
    metadata: {
      identification: { ...text, keywords_type: 'theme', terms_of_service: url },
      license: { name: 'none', url },
      provider: { name: 'test', url },
      contact: { name: 'test' },
    },
    resources: {
      echo: { type: 'process', processor: { name: 'Echo' } },
      'hello-world': { type: 'process', processor: { name: 'HelloWorld' } },
    },
  };
}
