/** A folder of a benchmark's own that containers can read. It is gone at the end. */

import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atTheEnd } from './at-the-end';

export class TemporaryFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'offload-load-'));
  private readonly takeBack = atTheEnd(() => this.empty());

  /** @param mode 0o777 where containers write, by users of their own */
  constructor(mode: 0o755 | 0o777) {
    chmodSync(this.path, mode);
  }

  remove(): void {
    this.empty();
    this.takeBack();
  }

  private empty(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
