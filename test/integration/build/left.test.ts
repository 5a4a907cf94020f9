/** Which containers of earlier runs are removed, and what belongs to them. */

import { execFileSync } from 'node:child_process';
import { labels, removeLeft } from '../../../testkit/machines/labels.js';
import { matrix, type Release } from '../../../testkit/servers/nginx';

const [{ release }] = matrix as [Release];
const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim();

/** What is created has a name of its own; an image has the labels of the container that it is made of. */
const kinds = {
  container: {
    create: (options: string[]) => docker('create', ...options, `offload-nginx:${release}`),
    all: () => docker('ps', '--all', '--no-trunc', '--quiet'),
  },
  network: {
    create: (options: string[]) => docker('network', 'create', ...options, name()),
    all: () => docker('network', 'ls', '--no-trunc', '--quiet'),
  },
  volume: {
    create: (options: string[]) => docker('volume', 'create', ...options),
    all: () => docker('volume', 'ls', '--quiet'),
  },
  image: {
    create: (options: string[]) => {
      const container = kinds.container.create(options);
      const image = docker('commit', container);
      docker('rm', container);
      return image;
    },
    all: () => docker('image', 'ls', '--no-trunc', '--quiet'),
  },
};

let created = 0;
const name = () => `offload-left-${process.pid}-${++created}`;

test.each(Object.entries(kinds))(
  'a start removes each %s that killed runs in this folder left, and nothing of others',
  (kind, { create, all }) => {
    const createWith = (changes: Record<string, string>) =>
      create(
        Object.entries({ ...labels(), ...changes }).flatMap(([label, value]) => [
          ...['--label', `${label}=${value}`],
        ]),
      );
    // no process has it: it is above the largest pid
    const killed = { 'nginx-offload.run': '4194305' };
    const left = [createWith(killed), createWith(killed)];
    const others = [createWith({}), createWith({ ...killed, 'nginx-offload.test': '/another' })];
    try {
      removeLeft();
      const found = all().split('\n');
      expect(found.filter((id) => left.includes(id))).toEqual([]);
      expect(found).toEqual(expect.arrayContaining(others));
    } finally {
      docker(kind, 'rm', ...others);
    }
  },
);
