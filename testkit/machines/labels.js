/**
 * Labels of the containers of tests and benchmarks, and of what belongs to them, by which the left ones are removed: the
 * folder, as other clones run tests at the same time, and the process of the run, as a benchmark may run beside.
 */
import { execFileSync } from 'node:child_process';

const FOLDER = 'nginx-offload.test';
const RUN = 'nginx-offload.run';
const OF_FOLDER = `label=${FOLDER}=${process.cwd()}`;

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
export const containersWhere = (isWanted) =>
  idsWhere(isWanted, list('container', '{{.ID}}', '--all', '--no-trunc'));

/** @param {(run: string) => boolean} isLeft */
function removeWhere(isLeft) {
  remove(['container', 'rm', '--force', '--volumes'], containersWhere(isLeft));
  remove(['network', 'rm'], idsWhere(isLeft, list('network', '{{.ID}}')));
  remove(['volume', 'rm'], idsWhere(isLeft, list('volume', '{{.Name}}')));
  remove(['image', 'rm', '--force'], idsWhere(isLeft, listImages()));
}

/**
 * @param {(run: string) => boolean} isWanted
 * @param {string} listed lines of an id and a run
 */
function idsWhere(isWanted, listed) {
  return [...new Set(listed.split('\n'))]
    .filter((line) => line !== '')
    .map((line) => line.split(' '))
    .filter(([, of = '']) => isWanted(of))
    .map(([id = '']) => id);
}

/**
 * @param {string} kind
 * @param {string} id its format
 * @param {string[]} options
 */
function list(kind, id, ...options) {
  const format = `${id} {{.Label "${RUN}"}}`;
  return docker(kind, 'ls', ...options, '--filter', OF_FOLDER, '--format', format);
}

/** The list of images has no labels. */
function listImages() {
  const ids = docker('image', 'ls', '--quiet', '--filter', OF_FOLDER).split('\n').filter(Boolean);
  const format = `{{.Id}} {{index .Config.Labels "${RUN}"}}`;
  return ids.length === 0 ? '' : docker('image', 'inspect', '--format', format, ...ids);
}

/**
 * @param {string[]} command
 * @param {string[]} ids
 */
function remove(command, ids) {
  if (ids.length > 0) {
    docker(...command, ...ids);
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
