/** Makes dist/offload, the folder to copy to /etc/nginx/offload, and a tarball of it. */

import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle, bundles, version } from './bundle.mjs';
import { snippets } from './snippets';

// nginx may be started by another user than who builds
process.umask(0o022);

const root = fileURLToPath(new URL('..', import.meta.url));

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(root, 'dist/offload') },
    'socket-dir': { type: 'string' },
    'no-tarball': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(`npm run dist -- OPTIONS: the folder for /etc/nginx/offload, and a tarball of it

  --out DIR         where to write it (dist/offload)
  --socket-dir DIR  with other folders than /run/nginx-offload, as by service/socket-dir.sh DIR
  --no-tarball      the folder only`);
  process.exit(0);
}
const out = values.out;

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
for (const name of bundles) {
  await bundle(name, join(out, `${name}.js`));
}
for (const name of filesOf('nginx')) {
  for (const [file, text] of snippets(name, readFileSync(join(root, 'nginx', name), 'utf8'))) {
    write(file, text);
  }
}
for (const name of filesOf('service')) {
  const file = join(root, 'service', name);
  // a script stays executable
  write(join('service', name), readFileSync(file, 'utf8'), statSync(file).mode);
}
write('VERSION', `${version}\n`);
cpSync(join(root, 'LICENSE'), join(out, 'LICENSE'));
const socketDir = values['socket-dir'];
if (socketDir !== undefined) {
  const { status } = spawnSync(join(out, 'service/socket-dir.sh'), [socketDir], {
    stdio: 'inherit',
  });
  if (status !== 0) {
    process.exit(1);
  }
}
console.log(`${out}: nginx-offload ${version}`);

if (!values['no-tarball']) {
  const tarball = join(dirname(out), `nginx-offload-${version}.tar.gz`);
  execFileSync('tar', [
    ...['-C', dirname(out), '-czf', tarball, '--owner=0', '--group=0', '--numeric-owner'],
    basename(out),
  ]);
  console.log(tarball);
}

/** Names of all files below a folder of the repository. */
function filesOf(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(root, folder, name)).isFile(),
  );
}

function write(name: string, text: string, mode = 0o644): void {
  const file = join(out, name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
}
