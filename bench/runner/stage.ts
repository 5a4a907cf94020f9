/** What a part of a benchmark starts, and its end: all is removed, also after an error or a signal. */

import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../testkit/clients/until';
import { Container, type ContainerOptions, startsSettled } from '../../testkit/machines/container';
import { removeOwn } from '../../testkit/machines/labels.js';
import { answers, freePort } from '../../testkit/machines/ports';
import { BUNDLE, tagOf } from './machine';

export interface Stage {
  /** Readable and writable for containers. */
  folder: string;
  /** Writes a file in the folder. @returns its path */
  file(name: string, text: string): string;
  /** @param options image: from build/images, such as nginx:trixie */
  start(options: ContainerOptions): Promise<Container>;
  /**
   * nginx with the offload's snippets, and the folder as /var/log/offload.
   *
   * @param configuration returns nginx.conf for a port on loopback
   */
  nginx(
    configuration: (port: number) => string,
    options: ContainerOptions,
  ): Promise<{ container: Container; port: number }>;
}

const folders = new Set<string>();
let hasStarted = false;

/** What `work` starts on the stage is removed at its end; an error has the output of the containers. */
export async function onStage<T>(work: (stage: Stage) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'offload-bench-'));
  chmodSync(folder, 0o777);
  folders.add(folder);
  const containers: Container[] = [];
  const file: Stage['file'] = (name, text) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const start: Stage['start'] = async (options) => {
    hasStarted = true;
    const container = await Container.start({ ...options, image: tagOf(options.image) });
    containers.push(container);
    return container;
  };
  const nginx: Stage['nginx'] = async (configuration, options) => {
    const port = await freePort();
    const mounts = {
      '/var/log/offload': folder,
      '/etc/nginx/nginx.conf:ro': file(`nginx-${port}.conf`, configuration(port)),
      '/etc/nginx/offload:ro': BUNDLE,
      ...options.mounts,
    };
    const container = await start({ ...options, mounts });
    // callgrind takes long on a busy machine
    await until('nginx listens', () => answers(port), 60_000);
    return { container, port };
  };
  try {
    return await work({ folder, file, start, nginx });
  } catch (error) {
    const logs = containers.map((container) => container.logs()).join('\n');
    throw new Error(`${error}\n${logs}`, { cause: error });
  } finally {
    await Promise.all(containers.map((container) => container.stop()));
    removeFolder(folder);
  }
}

let ending: Promise<never> | undefined;

export const isEnding = () => ending !== undefined;

/** Ends the process; nothing is left behind. What fails meanwhile is not reported. */
export function end(code: number): Promise<never> {
  ending ??= startsSettled().then(() => {
    if (hasStarted) {
      removeOwn();
    }
    folders.forEach(removeFolder);
    process.exit(code);
  });
  return ending;
}

export function endOnSignals(): void {
  process.on('SIGINT', () => void end(130));
  process.on('SIGTERM', () => void end(143));
  process.on('SIGHUP', () => void end(129));
}

function removeFolder(folder: string): void {
  folders.delete(folder);
  rmSync(folder, { recursive: true, force: true });
}
