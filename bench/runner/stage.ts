/** What a part of a benchmark starts, and its end: all is removed, also after an error or a signal. */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../testkit/clients/until';
import { Container, type ContainerOptions, startsSettled } from '../../testkit/machines/container';
import { removeOwn } from '../../testkit/machines/labels.js';
import { answers, freePort } from '../../testkit/machines/ports';
import { BUNDLE, tagOf } from './machine';

const folders = new Set<string>();
let hasStarted = false;

export interface Running {
  container: Container;
  port: number;
}

export class Stage {
  /** Readable and writable for containers. */
  readonly folder = mkdtempSync(join(tmpdir(), 'offload-load-'));
  private readonly containers: Container[] = [];

  constructor() {
    folders.add(this.folder);
    chmodSync(this.folder, 0o777);
  }

  /** @param options image: from build/images, such as nginx:trixie */
  async start(options: ContainerOptions): Promise<Container> {
    hasStarted = true;
    const container = await Container.start({ ...options, image: tagOf(options.image) });
    this.containers.push(container);
    return container;
  }

  /**
   * nginx with the offload's snippets, and the folder as /var/log/offload.
   *
   * @param configuration returns nginx.conf for a port on loopback
   */
  async nginx(
    configuration: (port: number) => string,
    options: ContainerOptions,
  ): Promise<Running> {
    const port = await freePort();
    const container = await this.start({
      ...options,
      mounts: {
        '/var/log/offload': this.folder,
        '/etc/nginx/nginx.conf:ro': this.file(`nginx-${port}.conf`, configuration(port)),
        '/etc/nginx/offload:ro': BUNDLE,
        ...options.mounts,
      },
    });
    // callgrind takes long on a busy machine
    await until('nginx listens', () => answers(port), 60_000);
    return { container, port };
  }

  /** Writes a file in the folder. @returns its path */
  file(name: string, text: string): string {
    const path = join(this.folder, name);
    writeFileSync(path, text);
    return path;
  }

  logs(): string {
    return this.containers.map((container) => container.logs()).join('\n');
  }

  async close(): Promise<void> {
    await Promise.all(this.containers.map((container) => container.stop()));
    removeFolder(this.folder);
  }
}

/** What `work` starts on the stage is removed at its end; an error has the output of the containers. */
export async function onStage<T>(work: (stage: Stage) => Promise<T>): Promise<T> {
  const stage = new Stage();
  try {
    return await work(stage);
  } catch (error) {
    throw new Error(`${error}\n${stage.logs()}`, { cause: error });
  } finally {
    await stage.close();
  }
}

let ending: Promise<never> | undefined;

/** Ends the process; nothing is left behind. What fails meanwhile is not reported. */
export function end(code: number): Promise<never> {
  ending ??= removeAll().then(() => process.exit(code));
  return ending;
}

export const isEnding = () => ending !== undefined;

async function removeAll(): Promise<void> {
  await startsSettled();
  if (hasStarted) {
    removeOwn();
  }
  for (const folder of folders) {
    removeFolder(folder);
  }
}

export function endOnSignals(): void {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => void end(code));
  }
}

function removeFolder(folder: string): void {
  folders.delete(folder);
  rmSync(folder, { recursive: true, force: true });
}
