/** nginx -t with the nginx.conf of docs/hop.md and docs/join.md, complete and without one of their includes. */

import { readFileSync } from 'node:fs';
import { nginxTAll } from '../../../../testkit/nginx-t/nginx-t';
import { ends, onRelease } from '../../../../testkit/servers/nginx';

const blocksOf = (page: string) =>
  [...readFileSync(`docs/${page}.md`, 'utf8').matchAll(/^```nginx\n(.*?)^```/gms)].map(
    ([, block = '']) => block,
  );

const whole = (http: string) => `
load_module modules/ngx_http_js_module.so;
events {}
${http.replace('http {', 'http { upstream app { server 127.0.0.1:8000; }')}`;

/** Without one include, nginx -t must say what is missing. */
const NAMED = [
  ['hop', 'hop/http.conf', 'unknown "offload_request" variable'],
  ['join', 'join/http.conf', 'unknown "offload_join'],
  ['join', 'join/server.conf', 'offload_join_server_conf_is_not_included'],
  ['join', 'join/waiter.conf', 'offload_join_waiter_conf_is_not_included'],
] as const;

describe.each(ends)(onRelease, ({ release }) => {
  test.each(['hop', 'join'])('the nginx.conf of docs/%s.md is valid', async (page) => {
    const [first = ''] = blocksOf(page);
    const [verdict] = await nginxTAll(release, [whole(first)]);
    expect(verdict).toEqual({ passes: true, complaints: [] });
  });

  test.each(NAMED)('docs/%s.md without %s: %s', async (page, include, complaint) => {
    const [first = ''] = blocksOf(page);
    const without = first.replace(`include offload/${include};`, '');
    expect(without).not.toBe(first);
    const [verdict] = await nginxTAll(release, [whole(without)]);
    expect(verdict?.passes).toBe(false);
    expect(verdict?.complaints.join()).toContain(complaint);
  });

  test('a map for clients that send no key stands below the include', async () => {
    const [first = '', second = ''] = blocksOf('join');
    const [map = ''] = /^ {4}map .*?^ {4}\}/ms.exec(second) ?? [];
    const conf = first.replace(
      'include offload/join/http.conf;',
      `include offload/join/http.conf;\n${map}`,
    );
    const [verdict] = await nginxTAll(release, [whole(conf)]);
    expect(verdict).toEqual({ passes: true, complaints: [] });
  });
});
