/** What learning and planning cost on each engine. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundle } from '../../build/bundle.mjs';
import { write } from '../../src/schedule/stored';
import type { Release } from '../../testkit/nginx';
import { answers, freePort } from '../../testkit/ports';
import { EXACT, lognormal, Route, random } from '../../testkit/schedule/simulation';
import { until } from '../../testkit/until';
import { Container } from '../rig/container';
import { markdownTable } from '../rig/markdown';
import { TemporaryFolder } from '../rig/temporary-folder';
import type { Cost, Task } from './engine';

/** Of a route with lengths of all kinds, and 20 jobs that ended since. */
function task(): Task {
  const route = new Route(EXACT, random(7));
  const draw = lognormal(10_000, 1);
  route.run(draw, 400);
  const text = write(route.distribution);
  const outcomes = route.run(draw, 20).flatMap((job) => job.outcome ?? []);
  return { text, outcomes, times: 100 };
}

/** Markdown: ms of each step. */
export async function costTable(releases: Release[]): Promise<string> {
  const rows: string[][] = [];
  for (const release of releases) {
    const { read, fold, plan, write, readPlan, place } = await measure(release);
    const ms = [read, fold, plan, write, readPlan + place].map((each) => each.toFixed(2));
    rows.push([`${engineName(release.engine)} ${release.njs}`, ...ms]);
  }
  return markdownTable(
    ['engine', 'read', 'learn 20 jobs', 'plan', 'write', 'place an attempt'],
    rows,
  );
}

function engineName(engine: Release['engine']): string {
  return engine === 'qjs' ? 'QuickJS of njs' : 'njs';
}

async function measure({ release, engine }: Release): Promise<Cost> {
  const folder = new TemporaryFolder(0o755);
  const port = await freePort();
  await bundle('../load/schedule/engine', join(folder.path, 'engine.js'));
  writeFileSync(
    join(folder.path, 'nginx.conf'),
    `load_module modules/ngx_http_js_module.so;
daemon off;
events {}
http {
    ${engine === 'qjs' ? 'js_engine qjs;' : ''}
    js_import engine from /srv/engine/engine.js;
    client_body_buffer_size 64k;
    server { listen 127.0.0.1:${port}; location / { js_content engine.measure; } }
}
`,
  );
  const container = Container.start({
    image: `nginx:${release}`,
    volumes: [[folder.path, '/srv/engine']],
    program: 'nginx',
    arguments: ['-c', '/srv/engine/nginx.conf'],
  });
  await until('nginx listens', () => answers(port));
  const response = await fetch(`http://127.0.0.1:${port}/`, {
    method: 'POST',
    body: JSON.stringify(task()),
  });
  const cost = (await response.json()) as Cost;
  container.remove();
  folder.remove();
  return cost;
}
