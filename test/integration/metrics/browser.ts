/** A headless Chromium in a container, on the network of this machine. */

import { type Browser, chromium } from 'playwright-core';
import { until } from '../../../testkit/clients/until';
import { Container } from '../../../testkit/machines/container';
import { answers, freePort } from '../../../testkit/machines/ports';

export interface RunningBrowser {
  browser: Browser;
  stop(): Promise<void>;
}

export async function startBrowser(): Promise<RunningBrowser> {
  const port = await freePort();
  const container = await Container.start({
    image: 'offload-chromium:trixie',
    command: [`--remote-debugging-port=${port}`, 'about:blank'],
  });
  await until('Chromium answers', () => answers(port));
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  return {
    browser,
    stop: async () => {
      await browser.close();
      await container.stop();
    },
  };
}
