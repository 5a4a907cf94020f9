/** A container with systemd, and Debian's nginx as a service. */

import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../clients/until';
import { configuration } from '../servers/configuration';
import { freePort } from '../servers/nginx';
import { labelArguments } from './labels.js';

export class Systemd {
  private constructor(
    readonly port: number,
    private readonly id: string,
    private readonly folder: string,
  ) {}

  /**
   * @param files copied in the container before nginx starts: [from, to]
   * @param deb installed in place of the folder of make dist
   * @param release not forky: its systemd needs a host with cgroup v2
   */
  static async start(
    appPort: number,
    files: [string, string][],
    deb?: string,
    release: 'bookworm' | 'trixie' = 'trixie',
  ): Promise<Systemd> {
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
      ...['--env', 'DEBIAN_FRONTEND=noninteractive'],
      ...['--volume', `${folder}/nginx.conf:/etc/nginx/nginx.conf:ro`],
      '--volume',
      deb === undefined
        ? `${process.cwd()}/dist/test/offload:/etc/nginx/offload:ro`
        : `${deb}:/nginx-offload.deb:ro`,
      `offload-systemd:${release}`,
    );
    const systemd = new Systemd(port, id, folder);
    await systemd.hasStarted();
    if (deb !== undefined) {
      systemd.run('apt-get', 'install', '--yes', '/nginx-offload.deb');
    }
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

  private hasStarted(): Promise<void> {
    return until('systemd has started', () =>
      /running|degraded/.test(this.systemctl('is-system-running')),
    );
  }

  /** Ends all processes at once and boots again; files on tmpfs are lost, as on a machine. */
  async powerCut(): Promise<void> {
    docker('kill', this.id);
    docker('start', this.id);
    await this.hasStarted();
  }

  stop(): void {
    docker('rm', '--force', this.id);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8' }).trim();
}
