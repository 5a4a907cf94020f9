/**
 * Before the integration tests: builds k6 if it is missing, as a build during the tests would disturb
 * them; then set-up.mjs.
 */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import setUp from './set-up.mjs';

export default function globalSetUp() {
  // of this process, in jest's workers too
  process.env.OFFLOAD_RUN ||= String(process.pid);
  const k6 = fileURLToPath(new URL('../build/setup/k6.sh', import.meta.url));
  // stdout is jest's report, so the path that it prints is discarded
  execFileSync(k6, { stdio: ['ignore', 'ignore', 'inherit'] });
  setUp();
}
