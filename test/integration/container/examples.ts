/** The containers of docs/containers.md: Dockerfiles, nginx.conf, arguments of `docker run`. */

import { readFileSync } from 'node:fs';
import { type Images, shown } from '../../../testkit/machines/images';

const [OFFICIAL = '', UNPRIVILEGED = ''] = shown('Dockerfile');
const [TEMPORARY = ''] = shown('nginx');

/** With the folders of cached answers. */
const CONF = readFileSync('nginx/nginx.conf.example', 'utf8').replace(
  /^http \{$/m,
  'http {\n    include offload/cache/zone.conf;\n    include offload/join/zone.conf;',
);
/** Without root: the page says what else such an nginx.conf has. */
const UNPRIVILEGED_CONF = CONF.replace('listen 80;', 'listen 8080;')
  .replace('events {}', 'pid /tmp/nginx.pid;\nevents {}')
  .replace(/^http \{$/m, `http {\n${TEMPORARY}`);

/** nginx's official image with the offload; it listens on port 80, as root with the user nginx. */
export const official = (images: Images) =>
  images.with(OFFICIAL, { 'nginx.conf': `user nginx;\n${CONF}` });

/** The unprivileged one, on port 8080. @param edit of its Dockerfile */
export const unprivileged = (images: Images, edit = (dockerfile: string) => dockerfile) =>
  images.with(edit(UNPRIVILEGED), { 'nginx.conf': UNPRIVILEGED_CONF });

const words = (pattern: RegExp) =>
  pattern.exec(readFileSync('docs/containers.md', 'utf8'))?.[1]?.split(' ') ?? [];

export const FEW_CAPABILITIES = words(/`(--cap-drop ALL( --cap-add \w+)+)`/);
export const READ_ONLY = words(/^docker run (--read-only .*) IMAGE$/m);
