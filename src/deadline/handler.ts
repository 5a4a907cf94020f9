/**
 * js_content of @offload_deadline, for a request that the app's server broke off or that nginx gave
 * up; and of the location that shows how many ran past their deadline.
 */

import { quoted } from '../shared/quoted';
import { asMetrics } from './counts';
import { kindOf, statusOf } from './decide';

/** So many routes are counted by their names: a map may make names of what clients send. */
const MOST_ROUTES = 200;

/** Not a name that $offload_route can have. */
const ALL_OTHERS = '(more)';

export function ended(r: NginxHTTPRequest): void {
  const variables = r.variables;
  const route = variables.offload_route_name || '';
  const what = {
    method: r.method,
    deadline: variables.offload_deadline || '',
    upstream_status: variables.upstream_status || '',
    upstream_response_time: variables.upstream_response_time || '',
    upstream_header_time: variables.upstream_header_time || '',
    isAskedAgain: variables.offload_deadline_asked_again === '1',
  };
  // a poll that is made in place in a quit has the offload's own deadline
  const kind = variables.offload_since ? 'answered' : kindOf(what);
  if (kind === 'passed') {
    variables.offload_deadline_passed = route;
    r.error(
      `offload: the deadline of route ${route}, ${what.deadline} s, passed${unreadable(r, route)}`,
    );
    count(r, route);
    if (variables.offload_deadline_page) {
      r.internalRedirect('@offload_deadline_page');
    } else {
      r.return(504);
    }
  } else if (kind === 'again' && variables.offload_deadline_uri) {
    variables.offload_deadline_asked_again = '1';
    r.internalRedirect('@offload_deadline_again');
  } else {
    r.return(statusOf(what.upstream_status));
  }
}

function unreadable(r: NginxHTTPRequest, route: string): string {
  return route === 'unreadable'
    ? `: $offload_route is no name and 1 to 60 seconds: ${quoted(r.variables.offload_route || '')}`
    : '';
}

/** njs is older than 0.8.0 where there is no ngx.shared. */
function sharedCounts(): NgxSharedDict<number> | undefined {
  const shared = ngx.shared as NgxGlobalShared | undefined;
  return shared && (shared.offload_deadlines as NgxSharedDict<number> | undefined);
}

function count(r: NginxHTTPRequest, route: string): void {
  const zone = sharedCounts();
  if (zone === undefined) {
    return;
  }
  try {
    const name = zone.has(route) || zone.size() < MOST_ROUTES ? route : ALL_OTHERS;
    zone.incr(name, 1, 0);
  } catch (error) {
    // the zone is full: the request is answered all the same
    r.error(`offload: route ${route} is not counted: ${(error as Error).message}`);
  }
}

export function counts(r: NginxHTTPRequest): void {
  const zone = sharedCounts();
  const names = zone === undefined ? [] : zone.keys();
  r.headersOut['Content-Type'] = 'text/plain; version=0.0.4';
  r.return(
    200,
    asMetrics(names.map((name) => [name, (zone as NgxSharedDict<number>).get(name) || 0])),
  );
}
