/** A temporary folder that containers can read; removed when the benchmark ends. */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onExit } from './on-exit';

export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'offload-load-'));
  private readonly unregister = onExit(() => this.delete());

  /** @param mode 0o777 if containers write to it as other users */
  constructor(mode: 0o755 | 0o777) {
    chmodSync(this.path, mode);
  }

  remove(): void {
    this.delete();
    this.unregister();
  }

  private delete(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
