/** What nginx calls for deadlines: @offload_deadline, and the location that shows the counts. */

import { hasPlace } from '../shared/places';
import { reasonOf } from '../shared/reason';
import { asMetrics } from './counts';
import { kindOf, replaced, statusOf } from './decide';

/** Routes beyond these are counted under one name: a map may build names from what clients send. */
const MOST_ROUTES = 200;

/** No names that $offload_route_name can have: all other routes, and the number of those that have a place. */
const ALL_OTHERS = '(more)';
const ROUTES = '(routes)';

/** js_content of @offload_deadline: the app's server closed the connection, or nginx timed out. */
export function ended(r: NginxHTTPRequest): void {
  const variables = r.variables;
  const route = variables.offload_route_name || '';
  const what = {
    method: r.method,
    deadline: variables.offload_deadline_seconds || '',
    upstream_status: variables.upstream_status || '',
    upstream_response_time: variables.upstream_response_time || '',
    upstream_header_time: variables.upstream_header_time || '',
    isRetry: variables.offload_deadline_retried === '1',
  };
  const kind = kindOf(what);
  if (kind === 'passed') {
    variables.offload_deadline_passed = route;
    r.error(
      `offload: the deadline of route ${route}, ${what.deadline} s, passed` +
        replaced('$offload_route', 'a name', variables.offload_route || '', route) +
        replaced('$offload_deadline', '1 to 60', variables.offload_deadline || '', what.deadline),
    );
    count(r, route);
    if (variables.offload_deadline_page) {
      r.internalRedirect('@offload_deadline_page');
    } else {
      r.return(504);
    }
  } else if (kind === 'retry' && variables.offload_deadline_uri) {
    variables.offload_deadline_retried = '1';
    r.internalRedirect('@offload_deadline_retry');
  } else {
    r.return(statusOf(what.upstream_status));
  }
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
    const isOwn = hasPlace(zone, route, ROUTES, MOST_ROUTES, () => undefined);
    zone.incr(isOwn ? route : ALL_OTHERS, 1);
  } catch (error) {
    // the zone is full: the request is answered all the same
    r.error(`offload: route ${route} is not counted: ${reasonOf(error)}`);
  }
}

/** js_content of deadline/metrics.conf. */
export function counts(r: NginxHTTPRequest): void {
  const zone = sharedCounts();
  const names = zone === undefined ? [] : zone.keys().filter((name) => name !== ROUTES);
  r.headersOut['Content-Type'] = 'text/plain; version=0.0.4';
  r.return(
    200,
    asMetrics(names.map((name) => [name, (zone as NgxSharedDict<number>).get(name) || 0])),
  );
}
