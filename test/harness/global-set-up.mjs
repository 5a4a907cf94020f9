/**
 * Before the integration tests: k6, which may have to be built for minutes and would be in the way
 * of tests that run meanwhile; then what set-up.mjs does.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import setUp from './set-up.mjs';

export default function globalSetUp() {
  const k6 = fileURLToPath(new URL('../../build/setup/k6.sh', import.meta.url));
  // the path it prints is for others: stdout is jest's report
  execFileSync(k6, { stdio: ['ignore', 'ignore', 'inherit'] });
  setUp();
}
