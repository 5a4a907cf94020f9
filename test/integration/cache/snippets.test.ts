/** docs/cache.md: its nginx.conf passes, nginx -t names each missing include, and the example runs. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { call } from '../../../testkit/clients/client';
import { nginxT } from '../../../testkit/nginx-t/nginx-t';
import { freePort, matrix, onRelease } from '../../../testkit/servers/nginx';

const [, conf = ''] = /```nginx\n(load_module.*?)```/s.exec(
  readFileSync('docs/cache.md', 'utf8'),
) as RegExpExecArray;
const run = promisify(execFile);

describe.each(matrix)(onRelease, ({ release }) => {
  const without = (name: string) => {
    const line = new RegExp(`include offload/${name};`);
    expect(conf).toMatch(line);
    return nginxT(release, conf.replace(line, ''));
  };

  test('the nginx.conf of the page passes nginx -t', async () => {
    expect(await nginxT(release, conf)).toEqual({ passes: true, complaints: [] });
  });

  test.each(['http', 'server', 'location', 'origin', 'app'])(
    'a missing cache/%s.conf is named',
    async (name) => {
      expect((await without(`cache/${name}.conf`)).complaints).toEqual([
        `[emerg] unknown "offload_cache_${name}_conf_is_not_included" variable`,
      ]);
    },
  );
});

describe('make example NAME=cache', () => {
  let example: ChildProcess;
  let port: number;
  let said = '';

  beforeAll(async () => {
    port = await freePort();
    example = spawn('examples/start.sh', ['cache'], { env: { ...process.env, PORT: `${port}` } });
    await new Promise<void>((resolve, reject) => {
      const listen = (text: Buffer) => {
        said += text;
        if (said.includes('ctrl-C ends it')) {
          resolve();
        }
      };
      example.stdout?.on('data', listen);
      example.stderr?.on('data', listen);
      example.on('exit', () => reject(new Error(said)));
    });
  });

  afterAll(async () => {
    if (example.exitCode === null) {
      const ended = new Promise((resolve) => example.on('exit', resolve));
      example.kill('SIGTERM');
      await ended;
    }
  });

  test('the commands of try.txt have the output that it promises', async () => {
    const commands = said.match(/^ {4}(?:curl|seq) .*$/gm) ?? [];
    expect(commands).toHaveLength(5);
    const outputs: string[] = [];
    for (const command of commands) {
      outputs.push((await run('sh', ['-c', command])).stdout);
    }
    const [first = '', second = '', personal, reports = '', purged] = outputs;
    expect(first).toContain('X-Cache-Status: MISS');
    expect(second).toContain('X-Cache-Status: HIT');
    expect(second.split('\n').at(-2)).toBe(first.split('\n').at(-2));
    expect(personal).toContain('X-Cache-Status: BYPASS');
    expect(personal).toContain('today for alice');
    const answers = reports.trim().split('\n');
    expect([answers.length, new Set(answers).size]).toEqual([20, 1]);
    expect(purged).toBe('purged\n');
    expect((await call(port, '/ready')).status).toBe(200);
  });
});
