/** A container with systemd, and Debian's nginx as a service. */

import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { configuration } from './configuration';
import { labelArguments } from './labels.js';
import { freePort } from './nginx';
import { until } from './until';

export class Systemd {
  private constructor(
    readonly port: number,
    private readonly id: string,
    private readonly folder: string,
  ) {}

  /** @param files copied in the container before nginx starts: [from, to] */
  static async start(appPort: number, files: [string, string][]): Promise<Systemd> {
    const port = await freePort();
    const folder = mkdtempSync(join(tmpdir(), 'offload-test-'));
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'nginx.conf'), configuration({ port, appPort, engine: 'njs' }));
    const id = docker(
      ...['run', '--detach', '--network', 'host'],
      ...labelArguments(),
      // required by systemd as the first process of a container
      ...['--cgroupns', 'private', '--cap-add', 'SYS_ADMIN', '--tmpfs', '/run'],
      ...['--security-opt', 'seccomp=unconfined', '--security-opt', 'apparmor=unconfined'],
      ...['--tmpfs', '/run/lock', '--tmpfs', '/var/log/offload'],
      ...['--volume', `${folder}/nginx.conf:/etc/nginx/nginx.conf:ro`],
      ...['--volume', `${process.cwd()}/dist/test/offload:/etc/nginx/offload:ro`],
      'offload-systemd:trixie',
    );
    const systemd = new Systemd(port, id, folder);
    await until('systemd has started', () =>
      /running|degraded/.test(systemd.systemctl('is-system-running')),
    );
    for (const [from, to] of files) {
      systemd.run('mkdir', '-p', to.slice(0, to.lastIndexOf('/')));
      systemd.run('cp', from, to);
    }
    systemd.run('systemctl', 'daemon-reload');
    return systemd;
  }

  run(...command: string[]): string {
    return docker('exec', this.id, ...command);
  }

  /** Runs systemctl, ignoring its exit code. @returns its stdout */
  systemctl(...args: string[]): string {
    const { stdout } = spawnSync('docker', ['exec', this.id, 'systemctl', ...args], {
      encoding: 'utf8',
    });
    return stdout.trim();
  }

  stop(): void {
    docker('rm', '--force', this.id);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8' }).trim();
}
