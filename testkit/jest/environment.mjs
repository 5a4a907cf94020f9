/** A jest environment that prints nginx's error log when a test fails. */
import { TestEnvironment } from 'jest-environment-node';

export default class extends TestEnvironment {
  async handleTestEvent(event) {
    if (event.name === 'test_fn_failure' || event.name === 'hook_failure') {
      const logs = this.global.nginxErrorLogs?.() ?? '';
      const test = event.test?.name ?? 'a hook';
      process.stderr.write(`\nnginx error log, after "${test}" failed:\n${logs || '(empty)\n'}\n`);
    }
  }
}
