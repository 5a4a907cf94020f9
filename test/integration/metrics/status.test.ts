/** The status page in a real browser: what it shows of real traffic, on a phone, by keyboard, in dark mode. */

import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { App } from '../../../testkit/apps/app';
import { call, openHttp1 } from '../../../testkit/clients/client';
import { jobsLocation } from '../../../testkit/servers/configuration';
import { describeShared } from '../../../testkit/servers/metrics';
import { freePort, Nginx, stable } from '../../../testkit/servers/nginx';
import { type RunningBrowser, startBrowser } from './browser';

const PHONE = { width: 360, height: 740 };

describeShared(stable, (release) => {
  const app = new App();
  let nginx: Nginx;
  let chromium: RunningBrowser;
  let page: Page;
  let origin: string;
  const requested: string[] = [];
  const errors: string[] = [];

  beforeAll(async () => {
    await app.start();
    const port = await freePort();
    origin = `http://127.0.0.1:${port}`;
    nginx = await Nginx.start(release, {
      appPort: app.port,
      http: `
    include offload/metrics/http.conf;
    include offload/metrics/count.conf;
    map $uri $offload_route {
        default    other;
        /fast      products;
        /blocking  reports;
        /job       labels;
    }
    server {
        listen 127.0.0.1:${port};
        include offload/metrics/server.conf;
    }`,
      waiter: jobsLocation,
    });
    chromium = await startBrowser();
    const context = await chromium.browser.newContext({ viewport: PHONE });
    page = await context.newPage();
    page.on('request', (request) => requested.push(request.url()));
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('favicon')) {
        errors.push(message.text());
      }
    });
    await page.goto(`${origin}/offload/status`);
  });

  afterAll(async () => {
    await chromium?.stop();
    await nginx?.stop();
    await app.stop();
  });

  const total = (name: string) => page.locator('dl div', { hasText: name }).locator('dd');
  const row = (name: string) => page.locator('#routes tr', { hasText: name });

  test('it shows clients that are held, as they come and leave', async () => {
    const client = openHttp1(nginx.port, '/job?length=60000&cancel=/jobs/');
    await total('Held now').filter({ hasText: '1' }).waitFor({ timeout: 10_000 });
    client.disconnect('FIN');
    await total('Held now').filter({ hasText: '0' }).waitFor({ timeout: 10_000 });
    expect(await total('Left early').textContent()).toBe('1');
  });

  test('it shows each route with its p95, which is that of the requests since it was opened', async () => {
    for (let i = 0; i < 20; i++) {
      await call(nginx.port, '/fast');
    }
    await call(nginx.port, '/blocking?length=300');
    await row('reports').filter({ hasText: '500 ms' }).waitFor({ timeout: 10_000 });
    expect(await row('products').locator('td').nth(1).textContent()).toMatch(
      /^(5|10|25|50|100) ms/,
    );
    expect(await row('products').locator('svg').getAttribute('aria-label')).toMatch(
      /^products: now [\d.]+ requests a second$/,
    );
  });

  test('it shows that a route is lastingly slower, with real requests', async () => {
    const ask = async (length: number, isEnough: (sent: number) => boolean) => {
      let sent = 0;
      const client = async () => {
        while (!isEnough(sent)) {
          sent++;
          await call(nginx.port, `/blocking?length=${length}`);
        }
      };
      await Promise.all(Array.from({ length: 4 }, client));
    };
    await ask(20, (sent) => sent >= 900);
    // the noisier the times before, the more requests it takes
    let isShown = false;
    const change = page.locator('#changes li', { hasText: /^▲ reports GET: slower, [1-9]/ });
    await Promise.all([
      ask(100, (sent) => isShown || sent >= 1000),
      change.waitFor({ timeout: 40_000 }).then(() => {
        isShown = true;
      }),
    ]);
  });

  test('the slowest routes come first, and a key sorts by another column', async () => {
    const names = () => page.locator('#routes th').allTextContents();
    expect((await names()).indexOf('reports')).toBeLessThan((await names()).indexOf('products'));
    await page.getByRole('button', { name: 'Sort by Route' }).focus();
    await page.keyboard.press('Enter');
    const sorted = await names();
    expect(sorted).toEqual([...sorted].sort());
    expect(await page.locator('#heads th').first().getAttribute('aria-sort')).toBe('ascending');
    expect(await page.evaluate('document.activeElement.getAttribute("aria-label")')).toBe(
      'Sort by Route',
    );
  });

  test('the keyboard reaches each control, in the order of the page', async () => {
    await page.reload();
    await row('products').waitFor();
    const reached: unknown[] = [];
    for (let i = 0; i < 10; i++) {
      await page.keyboard.press('Tab');
      reached.push(
        await page.evaluate(
          'document.activeElement.getAttribute("aria-label") || document.activeElement.textContent',
        ),
      );
    }
    expect(reached.slice(0, 4)).toEqual([
      'Pause',
      'Routes, scrolls sideways',
      'Sort by Route',
      'Sort by Requests/s',
    ]);
  });

  test('pause stops the requests for metrics, and says so', async () => {
    const button = page.locator('#pause');
    await button.press('Enter');
    expect(await button.getAttribute('aria-pressed')).toBe('true');
    expect(await page.locator('#state').textContent()).toBe('Paused');
    await page.waitForTimeout(500);
    const before = requested.length;
    await page.waitForTimeout(3000);
    expect(requested.length).toBe(before);
    await button.press('Enter');
    await page.locator('#state', { hasText: 'every 2 s' }).waitFor({ timeout: 10_000 });
  });

  test('a screen reader gets headings, labels and table heads', async () => {
    for (const heading of ['nginx-offload', 'Lasting changes', 'Routes']) {
      expect(await page.getByRole('heading', { name: heading, exact: true }).count()).toBe(1);
    }
    expect(await page.getByRole('columnheader').count()).toBeGreaterThanOrEqual(9);
    expect(await page.getByRole('rowheader', { name: 'reports' }).count()).toBe(1);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.locator('svg:not([aria-label])').count()).toBe(0);
    expect(await page.locator('button:not([type])').count()).toBe(0);
  });

  test('on a phone the page itself does not scroll sideways', async () => {
    const width = await page.evaluate('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(PHONE.width);
  });

  test.each(['light', 'dark'] as const)('text has enough contrast in %s mode', async (scheme) => {
    await page.emulateMedia({ colorScheme: scheme });
    const colors = (await page.evaluate(`(() => {
      const style = getComputedStyle(document.documentElement);
      const of = (name) => style.getPropertyValue(name).trim();
      return { back: [of('--page'), of('--box')], text: ['--text', '--soft', '--link', '--bad'].map(of) };
    })()`)) as { back: string[]; text: string[] };
    const [page1 = ''] = colors.back;
    expect(luminance(page1) > 0.5).toBe(scheme === 'light');
    for (const text of colors.text) {
      for (const back of colors.back) {
        expect(contrast(text, back)).toBeGreaterThan(4.5);
      }
    }
  });

  test('it requests nothing but itself and the metrics, and has no error', async () => {
    const paths = new Set(
      requested.map((url) => url.replace(origin, '')).filter((url) => url !== '/favicon.ico'),
    );
    expect([...paths].sort()).toEqual(['/offload/metrics', '/offload/status']);
    expect(errors).toEqual([]);
  });

  test('a picture of it is made', async () => {
    mkdirSync('dist/test', { recursive: true });
    const held = [1, 2, 3].map(() => openHttp1(nginx.port, '/job?length=60000&cancel=/jobs/'));
    for (let i = 0; i < 100; i++) {
      await call(nginx.port, '/fast');
      if (i % 10 === 0) {
        await call(nginx.port, `/blocking?length=${10 * i}`);
      }
    }
    await total('Held now').filter({ hasText: '3' }).waitFor({ timeout: 10_000 });
    await page.emulateMedia({ colorScheme: 'light' });
    await page.setViewportSize({ width: 1100, height: 560 });
    await page.evaluate('document.activeElement.blur()');
    await page.waitForTimeout(500);
    const picture = await page.screenshot({ path: `dist/test/status-${release.engine}.png` });
    for (const client of held) {
      client.disconnect('FIN');
    }
    expect(picture.length).toBeGreaterThan(5000);
    expect(picture.length).toBeLessThan(100_000);
  });
});

/** As WCAG has it. */
function luminance(color: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
  const [red = 0, green = 0, blue = 0] = parts.map((part) =>
    part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}
