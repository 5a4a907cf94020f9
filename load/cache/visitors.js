/**
 * Visitors of a site: RATE pages per second for SECONDS, evenly over PAGES pages; LOGGED_IN % of them
 * send a session cookie. Counts responses that are not the visitor's page.
 */

import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';

const [rate, seconds, pages, loggedIn] = ['RATE', 'SECONDS', 'PAGES', 'LOGGED_IN'].map((name) =>
  Number(__ENV[name]),
);
const took = { anonymous: new Trend('anonymous', true), loggedIn: new Trend('logged_in', true) };
const all = new Trend('all', true);
const wrong = new Counter('wrong');
const cached = new Counter('from_cache');

export const options = {
  summaryTrendStats: ['avg', 'med', 'p(95)', 'count'],
  scenarios: {
    visitors: {
      executor: 'constant-arrival-rate',
      rate,
      timeUnit: '1s',
      duration: `${seconds}s`,
      preAllocatedVUs: 200,
      maxVUs: 200,
    },
  },
};

export default function () {
  const at = exec.scenario.iterationInTest;
  const page = at % pages;
  // logged-in visitors are distributed over the pages
  const isLoggedIn = (at * 37) % 100 < loggedIn;
  const user = isLoggedIn ? `user${at}` : 'anonymous';
  const answer = http.get(`${__ENV.URL}/pages/${page}?length=${__ENV.LENGTH}`, {
    cookies: isLoggedIn ? { remember_token: user } : {},
    timeout: '30s',
  });
  all.add(answer.timings.duration);
  took[isLoggedIn ? 'loggedIn' : 'anonymous'].add(answer.timings.duration);
  wrong.add(answer.status === 200 && answer.body === `page ${page} of ${user}\n` ? 0 : 1);
  cached.add(['HIT', 'STALE', 'UPDATING'].includes(answer.headers['X-Cache-Status']) ? 1 : 0);
}

export function handleSummary({ metrics }) {
  const of = (name) => {
    const values = metrics[name]?.values ?? {};
    return { mean: values.avg, p50: values.med, p95: values['p(95)'], requests: values.count };
  };
  const figures = {
    all: of('all'),
    anonymous: of('anonymous'),
    loggedIn: of('logged_in'),
    wrong: metrics.wrong?.values.count ?? 0,
    fromCache: metrics.from_cache?.values.count ?? 0,
    dropped: metrics.dropped_iterations?.values.count ?? 0,
  };
  return { [__ENV.SUMMARY]: JSON.stringify(figures) };
}
