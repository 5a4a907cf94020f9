/**
 * Before the integration tests: builds k6 if it is missing, as a build during the tests would disturb
 * them; and set-up.mjs at the same time, as downloads of packages leave the CPUs idle.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import setUp from './set-up.mjs';

export default async function globalSetUp() {
  // of this process, in jest's workers too
  process.env.OFFLOAD_RUN ||= String(process.pid);
  const k6 = fileURLToPath(new URL('../../build/setup/k6.sh', import.meta.url));
  // stdout is jest's report, so the path that it prints is discarded
  const building = spawn(k6, { stdio: ['ignore', 'ignore', 'inherit'] });
  const built = new Promise((resolve, reject) => {
    building.on('error', reject);
    building.on('close', (code) => (code === 0 ? resolve() : reject(new Error('k6 is missing'))));
  });
  setUp();
  await built;
}
