/** The test app as a process: `tsx testkit/apps/main.ts --help`. */

import { parseArgs } from 'node:util';
import { App } from './app';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '5000' },
    workers: { type: 'string', default: '2' },
    backlog: { type: 'string', default: '1024' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) {
  console.log(`A test app on blocking workers; its routes: testkit/apps/app.ts

  --port N      port on loopback (5000)
  --workers N   number of requests served at the same time (2)
  --backlog N   number of connections that wait for a worker; further ones are reset (1024)`);
} else {
  const app = new App({ workers: Number(values.workers), backlog: Number(values.backlog) });
  await app.start(Number(values.port));
  console.log(`127.0.0.1:${app.port}: ${values.workers} workers, backlog ${values.backlog}`);
}
