/** A jest environment that prints the logs of nginx and of all containers when a test fails. */
import { TestEnvironment } from 'jest-environment-node';

export default class extends TestEnvironment {
  async handleTestEvent(event) {
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') {
      const logs = this.global.serverLogs?.() ?? '';
      const test = event.test?.name ?? 'a hook';
      process.stderr.write(`\nlogs, after "${test}" failed:\n${logs || '(none)\n'}\n`);
    }
  }
}
