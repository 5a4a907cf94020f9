/** Which containers of earlier runs are removed. */

import { execFileSync } from 'node:child_process';
import { labels, removeLeft } from '../../../testkit/machines/labels.js';
import { matrix, type Release } from '../../../testkit/servers/nginx';

const [{ release }] = matrix as [Release];
const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim();
/** Creates a container that is not started. @returns its id */
const create = (changes: Record<string, string>) =>
  docker(
    'create',
    ...Object.entries({ ...labels(), ...changes }).flatMap(([name, value]) => [
      '--label',
      `${name}=${value}`,
    ]),
    `offload-nginx:${release}`,
  );

test('a start removes what killed runs in this folder left, and nothing of others', () => {
  // no process has it: it is above the largest pid
  const killed = { 'nginx-offload.run': '4194305' };
  const left = [create(killed), create(killed)];
  const others = [create({}), create({ ...killed, 'nginx-offload.test': '/another/clone' })];
  try {
    removeLeft();
    const all = docker('ps', '--all', '--no-trunc', '--quiet').split('\n');
    expect(all.filter((id) => left.includes(id))).toEqual([]);
    expect(all).toEqual(expect.arrayContaining(others));
  } finally {
    docker('rm', '--force', ...others);
  }
});
