/** Alert rules and the dashboard: valid by promtool, and of metrics that exist. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FOLDER = join(process.cwd(), 'dist/test/offload/metrics');

const promtool = (folder: string, ...args: string[]) =>
  execFileSync(
    'docker',
    [
      ...['run', '--rm', '-v', `${FOLDER}:/rules:ro`, '-v', `${folder}:/test:ro`],
      ...['offload-prometheus:trixie', ...args],
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );

interface Panel {
  title: string;
  targets: { expr: string }[];
}

const dashboard = JSON.parse(readFileSync('nginx/metrics/grafana.json', 'utf8'));
const panels: Panel[] = dashboard.panels;
const expressions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

/** Metrics in the tables of the page. */
const documented = new Set(
  [...readFileSync('docs/metrics.md', 'utf8').matchAll(/^\| `(offload_\w+)`/gm)].map(
    ([, name = '']) => name,
  ),
);

const namesIn = (text: string) =>
  [...text.matchAll(/\boffload_[a-z_]+\b/g)].map(([name]) =>
    name.replace(/_(bucket|count|sum)$/, ''),
  );

test('the alert rules are valid', () => {
  expect(promtool(FOLDER, 'check', 'rules', '--lint=all', '/rules/alerts.yml')).toContain(
    'SUCCESS: 8 rules found',
  );
});

test('the alert rules fire when they should, and only then', () => {
  const folder = join(process.cwd(), 'test/integration/metrics');
  expect(promtool(folder, 'test', 'rules', '/test/alerts.yml')).toContain('SUCCESS');
});

test('each expression of the dashboard is one of Prometheus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'offload-test-'));
  const rules = expressions.map((expr, i) => ({
    record: `panel:${i}`,
    expr: expr.replaceAll('$__rate_interval', '5m').replaceAll('$route', '.*'),
  }));
  // JSON is YAML
  const groups = { groups: [{ name: 'dashboard', rules }] };
  writeFileSync(join(folder, 'panels.yml'), JSON.stringify(groups), { mode: 0o644 });
  execFileSync('chmod', ['755', folder]);
  try {
    expect(promtool(folder, 'check', 'rules', '--lint=none', '/test/panels.yml')).toContain(
      `SUCCESS: ${expressions.length} rules found`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('dashboard and rules are of metrics that the page documents', () => {
  const used = [...expressions, readFileSync('nginx/metrics/alerts.yml', 'utf8')].flatMap(namesIn);
  expect(used.length).toBeGreaterThan(30);
  expect([...new Set(used)].filter((name) => !documented.has(name))).toEqual([]);
});
