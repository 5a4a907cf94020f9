/** What `nginx -t` says of several configurations, in one container. */

import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { labelArguments } from '../machines/labels.js';
import type { Verdict } from './nginx-t';

/** Includes are relative to the folder of nginx.conf: each configuration is tested in that place. */
const SCRIPT = `
set -e
cd /etc/nginx
cp -r /test/included/. .
for number in $(seq 0 $((COUNT - 1))); do
    cp /test/$number.conf nginx.conf
    echo "--- $number"
    nginx -t 2>&1 || true
done
`;

/**
 * @param configurations texts of nginx.conf
 * @param included texts of files beside nginx.conf, by name
 * @returns in the order of the configurations
 */
export async function nginxTAll(
  release: string,
  configurations: string[],
  included: Record<string, string>,
): Promise<Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), 'offload-test-'));
  try {
    chmodSync(folder, 0o755);
    mkdirSync(join(folder, 'included'));
    for (const [name, text] of Object.entries(included)) {
      writeFileSync(join(folder, 'included', name), text);
    }
    configurations.forEach((text, number) => {
      writeFileSync(join(folder, `${number}.conf`), text);
    });
    const { stdout } = await promisify(execFile)('docker', [
      ...['run', '--rm', '--network', 'none', ...labelArguments()],
      ...['--env', `COUNT=${configurations.length}`, '--volume', `${folder}:/test:ro`],
      ...['--volume', `${join(process.cwd(), 'dist/test/offload')}:/etc/nginx/offload:ro`],
      ...['--entrypoint', 'sh', `offload-nginx:${release}`, '-c', SCRIPT],
    ]);
    const outputs = stdout.split(/^--- \d+\n/m).slice(1);
    if (outputs.length !== configurations.length) {
      throw new Error(`nginx -t did not run ${configurations.length} times: ${stdout}`);
    }
    return outputs.map((output, number) => verdictIn(output, configurations[number] ?? ''));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** `2026/01/31 12:00:00 [emerg] 1#1: … in …/nginx.conf:7`: without time and process, with line 7. */
function verdictIn(output: string, configuration: string): Verdict {
  const lines = output.matchAll(/(\[(?:warn|error|crit|alert|emerg)\]) \d+#\d+: (.*)/g);
  return {
    passes: output.includes('nginx.conf test is successful'),
    complaints: [...lines].map(([, level, message = '']) => {
      const [, number] = / in \/etc\/nginx\/nginx\.conf:(\d+)$/.exec(message) ?? [];
      const line = configuration.split('\n')[Number(number) - 1];
      return `${level} ${message}${line === undefined ? '' : `: ${line.trim()}`}`;
    }),
  };
}
