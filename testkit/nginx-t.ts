/** Runs `nginx -t` on a nginx.conf, with the bundle and the snippets in /etc/nginx/offload. */

import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labelArguments } from './labels.js';

export interface Verdict {
  passes: boolean;
  /** Messages of level warn and above, starting with the level. */
  complaints: string[];
}

export async function nginxT(release: string, text: string): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'offload-test-'));
  chmodSync(folder, 0o755);
  const conf = join(folder, 'nginx.conf');
  writeFileSync(conf, text);
  try {
    const { code, output } = await docker(
      ...['run', '--rm', '--network', 'none', ...labelArguments()],
      ...['--volume', `${conf}:/etc/nginx/nginx.conf:ro`],
      ...['--volume', `${join(process.cwd(), 'dist/test/offload')}:/etc/nginx/offload:ro`],
      ...['--entrypoint', 'nginx', `offload-nginx:${release}`, '-t'],
    );
    if (!/nginx\.conf (syntax is ok|test failed)/.test(output)) {
      throw new Error(`nginx -t did not run: ${output}`);
    }
    return { passes: code === 0, complaints: complaintsIn(output) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `2026/01/31 12:00:00 [emerg] 1#1: host not found …`, without its time and process. */
function complaintsIn(output: string): string[] {
  return [...output.matchAll(/(\[(?:warn|error|crit|alert|emerg)\]) \d+#\d+: (.*)/g)].map(
    ([, level, message]) => `${level} ${message}`,
  );
}

function docker(...args: string[]): Promise<{ code: unknown; output: string }> {
  return new Promise((resolve) => {
    execFile('docker', args, { encoding: 'utf8' }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : error.code, output: stdout + stderr }),
    );
  });
}
