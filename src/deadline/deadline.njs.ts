/** What nginx calls for deadlines: @offload_deadline. src/metrics/page shows the counts. */

import { ALL_OTHERS, Event, Kind } from '../metrics/families';
import { hasPlace } from '../shared/places';
import { reasonOf } from '../shared/reason';
import { kindOf, replaced, statusOf } from './decide';

/** Routes beyond these are counted under one name: a map may build names from what clients send. */
const MOST_ROUTES = 200;

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

function count(r: NginxHTTPRequest, route: string): void {
  // njs is older than 0.8.0 where there is no ngx.shared
  const shared = ngx.shared as NgxGlobalShared | undefined;
  const zone = shared && (shared.offload_deadlines as NgxSharedDict<number> | undefined);
  if (zone === undefined) {
    return;
  }
  try {
    const isOwn = hasPlace(zone, Kind.deadline + route, Event.routes, MOST_ROUTES, () => undefined);
    zone.incr(Kind.deadline + (isOwn ? route : ALL_OTHERS), 1);
  } catch (error) {
    // the zone is full: the request is answered all the same
    r.error(`offload: route ${route} is not counted: ${reasonOf(error)}`);
  }
}
