/** The configuration and the commands of docs/farm.md. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nginxT } from '../../../testkit/nginx-t/nginx-t';
import { matrix, onRelease } from '../../../testkit/servers/nginx';

const page = readFileSync('docs/farm.md', 'utf8');

/** Replaces the file written by farm.sh, which does not exist in the container. */
const LIST = 'server unix:/run/app/1.sock max_fails=3 fail_timeout=1s;';

describe.each(matrix)(onRelease, ({ release }) => {
  const check = (text: string) => nginxT(release, text);
  const [, text = ''] = /```nginx\n(.*?)```/s.exec(page) ?? [];
  const conf = text.replace('include farm-servers.conf;', LIST);

  test('the nginx.conf passes nginx -t', async () => {
    expect(await check(conf)).toEqual({ passes: true, complaints: [] });
  });

  test('nginx -t names the missing file if farm.sh has not run', async () => {
    const { passes, complaints } = await check(text);
    expect(passes).toBe(false);
    expect(complaints[0]).toContain('"/etc/nginx/farm-servers.conf" failed');
  });

  test('the farm snippets work without the offload and njs', async () => {
    const alone = `
events {}
http {
    upstream app { include offload/farm/balance.conf; ${LIST} }
    server {
        location / { include uwsgi_params; uwsgi_pass app; include offload/farm/uwsgi.conf; }
    }
}`;
    expect(await check(alone)).toEqual({ passes: true, complaints: [] });
  });

  test.each(['proxy', 'proxy-kept'])(
    'farm/%s.conf can be combined with the offload',
    async (name) => {
      const http = conf
        .replaceAll('include uwsgi_params;', '')
        .replaceAll('uwsgi_pass app;', 'proxy_pass http://app;')
        .replace('offload/farm/uwsgi.conf', `offload/farm/${name}.conf`)
        .replace('offload/uwsgi.conf', 'offload/proxy.conf')
        .replace(LIST, `${LIST} ${name === 'proxy' ? '' : 'keepalive 16; keepalive_timeout 10s;'}`);
      expect(await check(http)).toEqual({ passes: true, complaints: [] });
    },
  );
});

test('the farm.sh commands create the files described', () => {
  const commands = [
    ...page.matchAll(/^ *((?:\w+=\w+ )?\/etc\/nginx\/offload\/service\/farm.sh .*)$/gm),
  ];
  expect(commands).toHaveLength(2);
  for (const [, command = ''] of commands) {
    const folder = mkdtempSync(join(tmpdir(), 'offload-farm-'));
    try {
      execFileSync('sh', ['-ec', command.replace('/etc/nginx/offload/', '')], {
        env: {
          PATH: process.env.PATH ?? '',
          SERVERS: join(folder, 'farm-servers.conf'),
          VASSALS: join(folder, 'vassals'),
          TEMPLATE: join(folder, 'vassal.ini'),
        },
      });
      expect(existsSync(join(folder, 'vassals/8.ini'))).toBe(true);
      expect(existsSync(join(folder, 'vassals/pool.ini'))).toBe(command.includes('ONE_SOCKET'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
});
