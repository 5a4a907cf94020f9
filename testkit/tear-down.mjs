/** After the integration tests: removes containers that interrupted runs in this clone left. */
import { execFileSync } from 'node:child_process';

export default function tearDown() {
  const docker = (...args) => execFileSync('docker', args, { encoding: 'utf8' }).trim();
  const left = docker('ps', '-aq', '--filter', `label=nginx-offload.test=${process.cwd()}`);
  if (left !== '') {
    docker('rm', '-f', ...left.split('\n'));
  }
}
