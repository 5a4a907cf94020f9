/** A self-signed certificate for localhost. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @returns files for nginx, and the directives of a server {} that use them */
export function selfSigned(): { files: Record<string, string>; lines: string } {
  const folder = mkdtempSync(join(tmpdir(), 'offload-test-'));
  try {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
    execFileSync('openssl', [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-days', '1', '-subj', '/CN=localhost', '-keyout', key, '-out', certificate],
    ]);
    return {
      files: {
        'key.pem': readFileSync(key, 'utf8'),
        'certificate.pem': readFileSync(certificate, 'utf8'),
      },
      lines: `
        ssl_certificate_key /var/log/offload/key.pem;
        ssl_certificate     /var/log/offload/certificate.pem;`,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
