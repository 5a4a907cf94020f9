/** The lines to include a snippet, as the head of the snippet has them, complete and before nginx -t. */

import { readdirSync, readFileSync } from 'node:fs';
import { matrix, onRelease } from '../../harness/nginx';
import { nginxT } from '../../harness/nginx-t';

const FOLDERS = ['cache', 'deadline', 'farm', 'route'];
const SERVERS = 'server unix:/run/app/1.sock;';

/** Made to be edited, and included by cache/*.conf only. */
const EDITABLE = ['cache/purgers.conf', 'cache/sessions.conf', 'cache/zone.conf'];

const snippets = FOLDERS.flatMap((folder) =>
  readdirSync(`nginx/${folder}`).map((name) => `${folder}/${name}`),
).filter((name) => !EDITABLE.includes(name));

/** @returns the blocks of the head, such as `location / { … }`; a bare include is one of http {} */
function blocksOf(name: string): string[] {
  const [head = ''] = readFileSync(`nginx/${name}`, 'utf8').split('\n\n', 1);
  const code = [...head.matchAll(/^# {5}(.*)$/gm)].map(([, line]) => line).join('\n');
  return code
    .replaceAll('include farm-servers.conf;', SERVERS)
    .split(/\n(?=\S)(?!\})/)
    .filter((block) => !block.startsWith('curl'))
    .map((block) => (block.includes('{') ? block : `http {\n    ${block}\n}`));
}

interface Parts {
  http: string;
  upstream: string;
  site: string;
  origin: string;
  waiter: string;
}

const inside = (block: string) => block.slice(block.indexOf('{') + 1, block.lastIndexOf('}'));

/** Lines that are in no block of the head yet. */
const others = (block: string, lines: string[]) =>
  lines.filter((line) => !block.includes(line)).join('\n');

/** Adds a block of a head to the place that it is for. */
function add(parts: Parts, block: string): void {
  if (block.startsWith('http')) {
    const all = ['http', 'cache/http', 'route/http', 'deadline/http'].map(
      (name) => `include offload/${name}.conf;`,
    );
    const first = all.findIndex((line) => block.includes(line));
    const at = first < 0 ? all.length : first;
    parts.http = `${all.slice(0, at).join('\n')}${inside(block)}${others(block, all.slice(at))}`;
  } else if (block.startsWith('upstream')) {
    parts.upstream = block;
  } else if (block.includes('listen 80;')) {
    const includes = ['cache/server', 'deadline/server', 'server'];
    parts.site = `${inside(block)}${others(
      block,
      includes.map((name) => `include offload/${name}.conf;`),
    )}`;
  } else if (block.includes('cache/origin.conf')) {
    parts.origin = inside(block);
  } else if (block.startsWith('server')) {
    parts.http += `include offload/deadline/counts.conf;\n${block}`;
  } else if (block.includes('poll.conf')) {
    parts.waiter = block;
  } else if (block.includes('cache/app.conf')) {
    parts.origin += block.replace('location /', 'location /of-the-head/');
  } else {
    parts.site += block.replace(/location \S+/, 'location /of-the-head/');
  }
}

function complete(blocks: string[], engine: string): string {
  const app = 'include uwsgi_params; uwsgi_pass app;';
  const parts: Parts = {
    http: '',
    upstream: `upstream app { ${SERVERS} }`,
    site: '',
    origin: `include offload/cache/origin.conf; include offload/server.conf;
        location / { ${app} include offload/uwsgi.conf; include offload/cache/app.conf; }`,
    waiter: `location /poll/ { ${app} include offload/poll.conf; }`,
  };
  add(parts, 'http {\n}');
  add(parts, 'server { listen 80; }');
  for (const block of blocks) {
    add(parts, block);
  }
  return `
load_module modules/ngx_http_js_module.so;
events {}
http {
    ${engine === 'qjs' ? 'js_engine qjs;' : ''}
    ${parts.http}
    ${parts.upstream}
    server {
        ${parts.site}
        location / { include offload/cache/location.conf; }
    }
    server { ${parts.origin} }
    server { include offload/waiter.conf; ${parts.waiter} }
}`;
}

describe.each(matrix)(onRelease, ({ release, engine, njs }) => {
  const isThere = (name: string) => !(njs.startsWith('0.7.') && /counts|metrics/.test(name));

  test.each(snippets.filter(isThere))('%s', async (name) => {
    const blocks = blocksOf(name);
    expect(blocks.join('\n')).toContain(`include offload/${name};`);
    expect(await nginxT(release, complete(blocks, engine))).toEqual({
      passes: true,
      complaints: [],
    });
  });
});
