/** PHP-FPM in a container, with testkit/apps/index.php on two processes. */

import type { Container } from '../../../../testkit/machines/container';
import { freePort } from '../../../../testkit/servers/nginx';
import { startRealServer } from '../../../../testkit/servers/real-server';

export class PhpFpm {
  private constructor(
    readonly port: number,
    private readonly container: Container,
  ) {}

  static async start(): Promise<PhpFpm> {
    const port = await freePort();
    const container = await startRealServer({
      image: 'offload-php-fpm:trixie',
      command: ['--fpm-config', '/etc/php-fpm.conf'],
      ports: [port],
      files: {
        '/etc/php-fpm.conf': `
[global]
error_log = /dev/stderr
[app]
user = www-data
listen = 127.0.0.1:${port}
pm = static
pm.max_children = 2
`,
      },
    });
    return new PhpFpm(port, container);
  }

  async stop(): Promise<void> {
    await this.container.stop();
  }
}
