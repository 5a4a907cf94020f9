/** The containers of a run. Whatever ends it, ctrl-C too, ends them. */

import { execFileSync, spawnSync } from 'node:child_process';
import { ROOT } from './set-up';

const running = new Set<string>();

export interface Container {
  name: string;
  /** Of its first process, on this machine. */
  pid: number;
}

/**
 * @param image one of build/images
 * @param mounts from where to where, read-only
 * @param command the image's own entrypoint is not used
 */
export function start(
  name: string,
  image: string,
  mounts: Record<string, string>,
  [program, ...args]: [string, ...string[]],
): Container {
  const fullName = `offload-bench-${process.pid}-${name}`;
  running.add(fullName);
  docker(
    ...['run', '--detach', '--network', 'host', '--name', fullName],
    ...['--label', `nginx-offload.test=${ROOT}`, '--ulimit', 'nofile=16384:16384'],
    ...Object.entries(mounts).flatMap(([from, to]) => ['--volume', `${from}:${to}:ro`]),
    ...['--entrypoint', program, `offload-${image}`, ...args],
  );
  return { name: fullName, pid: Number(docker('inspect', '-f', '{{.State.Pid}}', fullName)) };
}

/** Of an app that is overloaded nothing is left to wait for. */
export function removeAll(): void {
  for (const name of running) {
    spawnSync('docker', ['rm', '--force', name], { stdio: 'ignore' });
  }
  running.clear();
}

/** What all of them wrote, for an error. */
export function logs(): string {
  return [...running]
    .map((name) => {
      const { stdout, stderr } = spawnSync('docker', ['logs', '--tail', '10', name], {
        encoding: 'utf8',
      });
      return `${name}:\n${stdout}${stderr}`;
    })
    .join('\n');
}

function docker(...args: string[]): string {
  return execFileSync('docker', args, { encoding: 'utf8' }).trim();
}
