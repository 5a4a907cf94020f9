/** Makes dist/offload, the folder to copy to /etc/nginx/offload, and a tarball of it. */
import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle, bundles, version } from './bundle.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const DEFAULT_SOCKET_DIR = '/run/nginx-offload';

/** As many tries as a held request can have; src/schedule/backoff.ts shares them out. */
const TRIES = 512;

/** Up to the longest time that a timer of njs has, each a step longer than the one before. */
const PAUSES = 394;
const SHORTEST_PAUSE_MS = 10;
const PAUSE_STEP = 1.05;

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'dist/offload') },
    'socket-dir': { type: 'string', default: DEFAULT_SOCKET_DIR },
    'no-tarball': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`node build/dist.mjs: the folder for /etc/nginx/offload, and a tarball of it

  --out DIR         where to make it (dist/offload)
  --socket-dir DIR  the waiter's socket, for an nginx that may not write to /run; absolute
  --no-tarball      the folder alone`);
  process.exit(0);
}
if (!isAbsolute(values['socket-dir'])) {
  console.error(`--socket-dir ${values['socket-dir']}: an absolute path is needed`);
  process.exit(1);
}
const out = values.out;
const socketDir = values['socket-dir'];

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const name of bundles) {
  await bundle(name, join(out, `${name}.js`));
}
copyWithSocketDir('nginx', out);
copyWithSocketDir('service', join(out, 'service'));
writeFileSync(join(out, 'waiter-servers.conf'), waiterServers());
writeFileSync(join(out, 'waiter-pauses.conf'), waiterPauses());
writeFileSync(join(out, 'VERSION'), `${version}\n`);
cpSync(join(root, 'LICENSE'), join(out, 'LICENSE'));
console.log(`${out}: nginx-offload ${version}`);

if (!values['no-tarball']) {
  const tarball = join(dirname(out), `nginx-offload-${version}.tar.gz`);
  execFileSync('tar', [
    ...['-C', dirname(out), '-czf', tarball, '--owner=0', '--group=0', '--numeric-owner'],
    basename(out),
  ]);
  console.log(tarball);
}

function copyWithSocketDir(from, to) {
  mkdirSync(to, { recursive: true });
  for (const name of readdirSync(join(root, from))) {
    // a script stays one
    const status = statSync(join(root, from, name));
    if (status.isDirectory()) {
      copyWithSocketDir(join(from, name), join(to, name));
      continue;
    }
    const text = readFileSync(join(root, from, name), 'utf8');
    writeFileSync(join(to, name), text.replaceAll(DEFAULT_SOCKET_DIR, socketDir), {
      mode: status.mode,
    });
  }
}

function waiterServers() {
  const line = `server unix:${socketDir}/waiter.sock max_fails=0;\n`;
  return `# One waiter, in ${TRIES} lines: nginx tries each server of an upstream once for a request, and
# each line is a try. The schedule of polls fits any deadline into these lines.
# max_fails=0: a waiter that failed one client is no reason to keep others from it.

${line.repeat(TRIES)}`;
}

/** @see src/schedule/pause.ts */
function waiterPauses() {
  const lines = [];
  for (let number = 0; number < PAUSES; number++) {
    const ms = Math.ceil(SHORTEST_PAUSE_MS * PAUSE_STEP ** number);
    lines.push(`location = /.offload/pause/${number} { auth_delay ${ms}ms; }\n`);
  }
  return `# The pauses between two tries, of which the waiter names one: auth_delay takes no variable.

${lines.join('')}`;
}
