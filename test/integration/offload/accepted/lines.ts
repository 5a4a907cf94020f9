/** The nginx lines that docs/accepted.md gives for each API, as they are. */

import { readFileSync } from 'node:fs';

export interface Lines {
  /** The heading above them. */
  api: string;
  /** For the public server, and for the private one. */
  server: string;
  waiter: string;
}

/** @throws if an API of the page's table has none */
export function linesOfApis(): Lines[] {
  const page = readFileSync('docs/accepted.md', 'utf8');
  const [, section = ''] = /\n## APIs\n(.*?)(?=\n## |$)/s.exec(page) ?? [];
  const apis = section.split('\n### ').slice(1).map(linesOf);
  const listed = [...section.matchAll(/^\| \[(.*?)\]\(#/gm)].length;
  if (listed === 0 || listed !== apis.length) {
    throw new Error(`${listed} APIs in the table of docs/accepted.md, ${apis.length} below it`);
  }
  return apis;
}

function linesOf(section: string): Lines {
  const [api = ''] = section.split('\n');
  const [, server, waiter] = /```nginx\n(.*?)\n# private\n(.*?)```/s.exec(section) ?? [];
  if (server === undefined || waiter === undefined) {
    throw new Error(`docs/accepted.md has no lines for ${api}`);
  }
  return { api, server, waiter };
}

/**
 * The parts of an nginx.conf in which the hosts of the APIs are at a port of this machine, without TLS.
 *
 * @param portOf a host's
 */
export function partsOf(lines: Lines[], portOf: (host: string) => number) {
  const waiter = lines.map((each) => each.waiter).join('\n');
  const hosts = new Set(
    [...waiter.matchAll(/proxy_pass https:\/\/([^;/]+);/g)].map(([, host = '']) => host),
  );
  return {
    http: [...hosts]
      .map((host) => `upstream ${host} { server 127.0.0.1:${portOf(host)} max_fails=0; }`)
      .join('\n'),
    server: lines.map((each) => each.server).join('\n'),
    waiter: waiter.replaceAll('proxy_pass https://', 'proxy_pass http://'),
  };
}
