/** nginx -t with the snippets of the metrics, complete and with one missing. */

import { readFileSync } from 'node:fs';
import { nginxT } from '../../../testkit/nginx-t/nginx-t';
import { matrix, onRelease } from '../../../testkit/servers/nginx';

const PASSES = { passes: true, complaints: [] };

describe.each(matrix)(onRelease, ({ release, njs, engine }) => {
  /** Without the offload. */
  const conf = `
load_module modules/ngx_http_js_module.so;
events {}
http {
    ${engine === 'qjs' ? 'js_engine qjs;' : ''}
    include offload/route/http.conf;
    include offload/metrics/http.conf;
    include offload/metrics/count.conf;
    map $uri $offload_route {
        default      other;
        ~^/reports/  reports;
    }
    server {
        listen 80;
        location / { return 200; }
    }
    server {
        listen 127.0.0.1:9145;
        include offload/metrics/server.conf;
    }
}
`;
  const without = (name: string) => {
    const line = `include offload/${name};`;
    expect(conf).toContain(line);
    return conf.replace(line, '');
  };

  if (njs.startsWith('0.7.')) {
    test('http.conf says that njs is too old', async () => {
      const { complaints } = await nginxT(release, conf);
      const [, file, line] =
        /^\[emerg\] unknown directive "js_shared_dict_zone" in \/etc\/nginx\/(.*):(\d+)$/.exec(
          complaints[0] ?? '',
        ) ?? [];
      const text = readFileSync(`dist/test/${file}`, 'utf8').split('\n')[Number(line) - 1];
      expect(text).toContain('unknown directive: njs is older than 0.8.0');
    });
    return;
  }

  test('the metrics pass without the offload, without a warning', async () => {
    expect(await nginxT(release, conf)).toEqual(PASSES);
  });

  test('they pass with the offload, before it and behind it', async () => {
    const include = 'include offload/metrics/http.conf;';
    const offload = 'include offload/http.conf;';
    for (const both of [`${include} ${offload}`, `${offload} ${include}`]) {
      expect(await nginxT(release, conf.replace(include, both))).toEqual(PASSES);
    }
  });

  test('the nginx.conf of the page passes', async () => {
    const [, text] =
      /```nginx\n(load_module.*?)```/s.exec(readFileSync('docs/metrics.md', 'utf8')) ?? [];
    const own = engine === 'qjs' ? 'http {\n    js_engine qjs;' : 'http {';
    expect(await nginxT(release, text?.replace('http {', own) ?? '')).toEqual(PASSES);
  });

  test('a missing route/http.conf is named', async () => {
    const text = without('route/http.conf').replace(/map .*?\}/s, '');
    expect((await nginxT(release, text)).complaints).toEqual([
      expect.stringMatching(
        /^\[emerg\] unknown "offload_route(_http_conf_is_not_included)?" variable$/,
      ),
    ]);
  });

  test('a missing metrics/http.conf is named', async () => {
    expect((await nginxT(release, without('metrics/http.conf'))).complaints).toEqual([
      expect.stringMatching(
        /^\[emerg\] unknown "offload_(counted|metrics_http_conf_is_not_included)" variable$/,
      ),
    ]);
  });
});
