/** `make demo` of the README on Debian 12 and 13, where nginx, uWSGI and Flask are those of the distribution. */

import { execFileSync } from 'node:child_process';
import { Container } from '../../../testkit/machines/container';

// what start.sh would install, and what the test needs
const PACKAGES = 'curl+make+nodejs+python3-flask+uwsgi-core+uwsgi-plugin-python3';
const STATUS = 'http://127.0.0.1:8080/offload/status';

class Machine {
  private constructor(
    private readonly container: Container,
    /** Output of `make demo`. */
    readonly said: string,
  ) {}

  static async start(release: string): Promise<Machine> {
    const container = await Container.start({
      image: `offload-nginx:${release}_${PACKAGES.replaceAll('+', '_')}`,
      mounts: { '/project:ro': process.cwd() },
      network: 'none',
      // it does not care for processes whose parent has ended
      entrypoint: ['sleep', 'infinity'],
    });
    return new Machine(container, await container.run(['make', '-C', '/project', 'demo']));
  }

  run(...command: string[]): Promise<string> {
    return this.container.run(command);
  }

  status(url: string): Promise<string> {
    return this.run('curl', '-s', '-o', '/dev/null', '-w', '%{http_code}', url);
  }

  stop(): Promise<void> {
    return this.container.stop();
  }
}

let machines: Record<string, Machine>;

beforeAll(async () => {
  const releases = ['bookworm', 'trixie'];
  const images = releases.map((release) => `nginx:${release}+${PACKAGES}`);
  execFileSync('build/setup/image.sh', images, { stdio: 'ignore' });
  const started = await Promise.all(releases.map((release) => Machine.start(release)));
  machines = Object.fromEntries(releases.map((release, at) => [release, started[at] as Machine]));
}, 240_000);

afterAll(() => Promise.all(Object.values(machines).map((machine) => machine.stop())));

describe.each([
  { debian: 'Debian 12', release: 'bookworm', hasStatus: false },
  { debian: 'Debian 13', release: 'trixie', hasStatus: true },
])('$debian', ({ release, hasStatus }) => {
  let machine: Machine;

  beforeAll(() => {
    machine = machines[release] as Machine;
  });

  test('all offloaded calls are answered, and few on blocking workers', () => {
    expect(machine.said).toMatch(/answered +200 of 200 +200 of 200 +\d of 200\n/);
    expect(machine.said).toMatch(/errors +0 +0 +19\d\n/);
    expect(machine.said).toContain("curl -i 'http://127.0.0.1:8080/job?length=3000'");
    expect(machine.said).toMatch(/offloaded +2.\d\d s: 0 of 200 answered\n/);
  });

  test('it runs on the installed nginx, and has a status page if its njs can', async () => {
    expect(machine.said.includes(`Status page: ${STATUS}\n`)).toBe(hasStatus);
    expect(machine.said.includes('offload/status')).toBe(hasStatus);
    expect(machine.said.includes('No status page: the installed njs is older than 0.8.0.')).toBe(
      !hasStatus,
    );
    expect(await machine.status(STATUS)).toBe(hasStatus ? '200' : '404');
  });

  test('make down ends all of it', async () => {
    expect(await machine.run('make', '-C', '/project', 'down')).toContain('The demo is down.');
    const commands = await machine.run('bash', '-c', 'cat /proc/[0-9]*/cmdline | tr "\\0" " "');
    expect(commands).not.toMatch(/uwsgi|nginx:|start\.sh/);
  });
});

test('without root it runs as well, where the packages are there', async () => {
  const machine = machines.trixie as Machine;
  const said = await machine.run(
    ...['bash', '-c'],
    `cd /project
    PORT=8081 setpriv --reuid nobody --clear-groups examples/start.sh demo >/tmp/said 2>&1 &
    until grep -qE 'ctrl-C ends it|error:|failed' /tmp/said; do sleep 0.1; done
    kill $!; wait; cat /tmp/said`,
  );
  expect(said).toContain('The example demo listens on http://127.0.0.1:8081');
});
