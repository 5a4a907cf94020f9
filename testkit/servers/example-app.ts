/** An example's app in a container with Debian's packages, behind nginx of the matrix with the example's nginx.conf. */

import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { call } from '../clients/client';
import { until } from '../clients/until';
import { Container } from '../machines/container';
import { Nginx, type Release } from './nginx';

export class ExampleApp {
  private constructor(
    readonly nginx: Nginx,
    private readonly app: Container,
    private readonly folder: string,
  ) {}

  /** @param image of build/images, with the example's packages */
  static async start(
    release: Release,
    name: string,
    image: string,
    command: string[],
  ): Promise<ExampleApp> {
    const folder = mkdtempSync(join(tmpdir(), 'offload-example-'));
    chmodSync(folder, 0o777);
    const app = await Container.start({
      image,
      mounts: { '/srv/example:ro': join(process.cwd(), 'examples', name), '/run/app': folder },
      entrypoint: ['setpriv', '--reuid=www-data', '--regid=www-data', '--init-groups'],
      command,
    });
    const nginx = await Nginx.start(release, {
      appPort: 1,
      whole: (port) => nginxConf(name, port, folder, release.engine),
      folders: [folder],
    });
    const ready = async () => (await call(nginx.port, '/ready')).status === 200;
    await until(`the app of the example ${name} is ready`, ready, 60_000);
    return new ExampleApp(nginx, app, folder);
  }

  /** Runs a command beside the app. @returns its output */
  outputOf(...command: string[]): Promise<string> {
    return this.app.run(command);
  }

  async stop(): Promise<void> {
    await this.nginx.stop();
    await this.app.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** As the example has it, but for the port, the folder of its sockets, logs and the engine. */
function nginxConf(name: string, port: number, folder: string, engine: string): string {
  const text = readFileSync(`examples/${name}/nginx.conf`, 'utf8')
    .replace('listen 8080;', `listen 127.0.0.1:${port};`)
    .replaceAll('/run/app', folder)
    .replaceAll('/etc/nginx', '/srv/example')
    .replace('http {', `http {${engine === 'qjs' ? '\njs_engine qjs;' : ''}`);
  return `
user www-data;
worker_processes 2;
pid /run/nginx.pid;
error_log /var/log/offload/error.log notice;
${text}`;
}
