/** The results as tables. */

import { describe } from '../rig/machine';
import { markdownTable } from '../rig/markdown';
import type { Outcome, Results, Times } from './results';

export function page(results: Results): string {
  return `# Whole answers cached

By \`make bench-cache\`; docs/cache.md says how to read it.

${tables(results)}`;
}

export function tables(results: Results): string {
  const { taken, machine, nginx, outcomes } = results;
  const { rate, seconds, pages, loggedIn, lengthMs, ttlMs, visitors, reportMs } = results;
  const heads = outcomes.map(({ way }) => way);
  const row = (title: string, of: (outcome: Outcome) => string) => [title, ...outcomes.map(of)];
  const times = (title: string, of: (outcome: Outcome) => Times) => [
    row(`${title}: mean`, (outcome) => ms(of(outcome).mean)),
    row(`${title}: p50`, (outcome) => ms(of(outcome).p50)),
    row(`${title}: p95`, (outcome) => ms(of(outcome).p95)),
  ];
  const wrong = outcomes.reduce((sum, { visited }) => sum + visited.wrong, 0);
  const dropped = outcomes.reduce((sum, { visited }) => sum + visited.dropped, 0);
  return `${rate} pages a second for ${seconds} s, each ${lengthMs} ms of work; ${pages} pages, kept for ${ttlMs / 1000} s; ${loggedIn} % of the visitors are logged in.

${markdownTable(
  ['', ...heads, 'published'],
  [
    ...times('all visitors', ({ visited }) => visited.all),
    ...times('anonymous', ({ visited }) => visited.anonymous),
    ...times('logged in', ({ visited }) => visited.loggedIn),
    row('requests', ({ visited }) => String(visited.all.requests)),
    row('answered from the cache', ({ visited }) =>
      percent(visited.fromCache / visited.all.requests),
    ),
    row('pages that the app made', ({ calls }) => String(calls)),
  ].map((cells, at) => [...cells, at === 0 ? '250 ms, then under 50 ms' : '']),
)}
${wrong === 0 ? 'Each visitor got his own page' : `${wrong} visitors did not get their own page`}${dropped === 0 ? '' : `; ${dropped} were not asked for, as all clients were waiting`}.

${visitors} visitors who ask for one slow report (${reportMs / 1000} s of work, offloaded) at once:

${markdownTable(
  ['', ...heads],
  [
    row('right answers', ({ crowd }) => String(crowd.right)),
    row('jobs that the app started', ({ crowd }) => String(crowd.jobs)),
    row('the last answer after', ({ crowd }) => `${crowd.seconds.toFixed(1)} s`),
  ],
)}
${describe(taken, machine)}; nginx ${nginx.nginx}, njs ${nginx.njs}, ${nginx.engine === 'qjs' ? 'QuickJS' : "njs's own engine"}.
`;
}

function ms(value: number): string {
  return `${value.toFixed(value < 10 ? 1 : 0)} ms`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
