import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fillIn, type Ports } from '../../../../load/comparison/layout';
import { systems } from '../../../../load/comparison/systems';

const SHARED = ['app', 'nginx'];

test('each folder of load/comparison/peers is a system, or common to all', () => {
  expect(readdirSync('load/comparison/peers').sort()).toEqual(
    [...systems.map(({ name }) => name), ...SHARED].sort(),
  );
});

test.each(systems)(
  '$name has an nginx.conf and a uwsgi.ini that include the common files',
  ({ name }) => {
    const nginx = readFileSync(`load/comparison/peers/${name}/nginx.conf`, 'utf8');
    expect(nginx).toContain('include common/main.conf;');
    expect(nginx).toContain('include common/http.conf;');
    expect(nginx).toContain('listen 127.0.0.1:@NGINX@ backlog=4096;');
    expect(readFileSync(`load/comparison/peers/${name}/uwsgi.ini`, 'utf8')).toContain(
      'ini = /srv/app/common.ini',
    );
  },
);

test.each(systems)('all ports of $name are filled in', ({ name, beside = [] }) => {
  const ports: Ports = { NGINX: 1, APP: 2, STATS: 3, POLLER: 4, PUBLISHER: 5 };
  for (const folder of [name, ...SHARED]) {
    for (const file of readdirSync(`load/comparison/peers/${folder}`)) {
      const text = readFileSync(`load/comparison/peers/${folder}/${file}`, 'utf8');
      expect(fillIn(text, ports)).not.toMatch(/@[A-Z]+@/);
    }
  }
  expect(beside.map((word) => fillIn(word, ports)).join(' ')).not.toContain('@');
});

test('all systems except gevent-10x10 have the same number of workers', () => {
  const workersOf = (name: string) =>
    /^processes = (\d+)$/m.exec(
      readFileSync(`load/comparison/peers/${name}/uwsgi.ini`, 'utf8'),
    )?.[1];
  const others = systems.filter(({ name }) => name !== 'gevent-10x10');
  expect(others.map(({ name }) => workersOf(name))).toEqual(others.map(() => '5'));
});

test.each(systems)('there is a Dockerfile for the image $nginx of $name', ({ nginx }) => {
  expect(existsSync(`build/images/${nginx.split(':')[0]}.Dockerfile`)).toBe(true);
});
