/** A DNS server on loopback with one name, which can move. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Container } from '../../../../testkit/machines/container';
import { freePort } from '../../../../testkit/machines/ports';

export class Dns {
  private constructor(
    readonly port: number,
    readonly name: string,
    private readonly folder: string,
    private readonly container: Container,
  ) {}

  static async start(name: string, address: string): Promise<Dns> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'offload-dns-'));
    writeFileSync(join(folder, 'hosts'), `${address} ${name}\n`);
    const container = await Container.start({
      image: 'offload-dnsmasq:trixie',
      mounts: { '/etc/dns': folder },
      command: [
        ...[`--port=${port}`, '--listen-address=127.0.0.1', '--bind-interfaces', '--user=root'],
        ...['--no-resolv', '--no-hosts', '--addn-hosts=/etc/dns/hosts', '--local-ttl=1'],
        // the name has no AAAA, which is no refusal
        `--local=/${name}/`,
      ],
    });
    return new Dns(port, name, folder, container);
  }

  /** The name has another address from now on. */
  async move(address: string): Promise<void> {
    writeFileSync(join(this.folder, 'hosts'), `${address} ${this.name}\n`);
    await this.container.signal('HUP');
  }

  async stop(): Promise<void> {
    await this.container.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
