/**
 * Labels of the containers of tests and benchmarks, by which the left ones are removed: the folder, as
 * other clones run tests at the same time, and the process of the run, as a benchmark may run beside.
 */
import { execFileSync } from 'node:child_process';

const FOLDER = 'nginx-offload.test';
const RUN = 'nginx-offload.run';

/** Of jest's workers it is the process that started jest. */
const run = () => process.env.OFFLOAD_RUN || String(process.pid);

export const labels = () => ({ [FOLDER]: process.cwd(), [RUN]: run() });

/** For `docker run`. */
export const labelArguments = () =>
  Object.entries(labels()).flatMap(([name, value]) => ['--label', `${name}=${value}`]);

/** Removes the containers of this run. */
export const removeOwn = () => removeWhere((of) => of === run());

/** Removes the containers of runs in this folder whose process was killed. */
export const removeLeft = () => removeWhere((of) => !isRunning(of));

/**
 * @param {(run: string) => boolean} isWanted
 * @returns ids of the containers of runs in this folder
 */
export function containersWhere(isWanted) {
  return docker(
    ...['ps', '--all', '--no-trunc', '--filter', `label=${FOLDER}=${process.cwd()}`],
    ...['--format', `{{.ID}} {{.Label "${RUN}"}}`],
  )
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' '))
    .filter(([, of = '']) => isWanted(of))
    .map(([id = '']) => id);
}

/** @param {(run: string) => boolean} isLeft */
function removeWhere(isLeft) {
  const left = containersWhere(isLeft);
  if (left.length > 0) {
    docker('rm', '--force', '--volumes', ...left);
  }
}

/** @param {string} pid */
function isRunning(pid) {
  try {
    return pid !== '' && process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}

/** @param {string[]} args */
function docker(...args) {
  return execFileSync('docker', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
