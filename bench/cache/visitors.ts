/** Visitors of a site, evenly over its pages; LOGGED_IN % of them send a session cookie. */

import exec from 'k6/execution';
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { constantRate, load, openOptions, openSummary } from '../runner/open.ts';

const { url, RATE, SECONDS, PAGES, LOGGED_IN, LENGTH } = load;
const took = new Trend('took', true);
const wrong = new Counter('wrong');
const cached = new Counter('from_cache');

export const options = openOptions({ visitors: constantRate(RATE, SECONDS) }, [
  'took{visitor:anonymous}',
  'took{visitor:logged-in}',
]);

export default function () {
  const at = exec.scenario.iterationInTest;
  const page = at % PAGES;
  // logged-in visitors are distributed over the pages
  const isLoggedIn = (at * 37) % 100 < LOGGED_IN;
  const user = isLoggedIn ? `user${at}` : 'anonymous';
  const answer = http.get(`${url}/pages/${page}?length=${LENGTH}`, {
    cookies: isLoggedIn ? { remember_token: user } : {},
    timeout: '30s',
  });
  took.add(answer.timings.duration, { visitor: isLoggedIn ? 'logged-in' : 'anonymous' });
  wrong.add(answer.status === 200 && answer.body === `page ${page} of ${user}\n` ? 0 : 1);
  cached.add(['HIT', 'STALE', 'UPDATING'].includes(answer.headers['X-Cache-Status'] ?? '') ? 1 : 0);
}

export const handleSummary = openSummary;
