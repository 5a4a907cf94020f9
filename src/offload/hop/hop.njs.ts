/**
 * The hop: a client that waits longer than something in front of nginx allows gets a 303 to where it waits on, on any
 * machine with the key.
 */

import crypto from 'crypto';
import { quoted } from '../../shared/quoted';
import { cancelThen } from '../held/held.njs';
import { wayOf } from '../held/ways';
import { readTimeout } from '../schedule/settings';
import { readHop, readSentOn } from './due';
import { NAMES, type Refused, readToken, writeToken } from './token';
import { afterHop, afterTimeout, endOf, keepRest, pathOf, readRest, VALID_MS } from './wait';

type Sign = (text: string) => string;

/** A request line has 8 KB in nginx, and less in some of what is in front of it. */
const LONGEST_URL = 7000;

/** js_content of @offload_hop: a 303, or the 202 of a client that may come back after the timeout. */
export function hop(r: NginxHTTPRequest): void {
  const variables = r.variables;
  const now = Date.now();
  const waited = Math.max(now - Number(variables.offload_since || '0') * 1000, 0);
  const isTimeout = variables.offload_hop_status === '202';
  const sentOn = readSentOn(variables.offload_sent_on || '');
  // a poll that was interrupted is due at once
  const due = (variables.upstream_http_x_pad || '').split('=')[1] || '';
  const rest = readRest(
    variables.offload_hop_rest || '',
    readTimeout(variables.offload_timeout || ''),
    variables.offload_most_hops || '',
    sentOn.hop,
  );
  const sign = signer(variables.offload_hop_key || '');
  const next = isTimeout ? afterTimeout(rest, waited) : afterHop(rest);
  const token = writeToken(
    {
      values: NAMES.map((name) => variables[`offload_${name}`] || ''),
      hops: next.hops,
      mostHops: next.mostHops,
      end: next.end,
      timeout: next.timeout,
      hop: next.hop,
      continues: sentOn.continues,
      next: Number(due),
      identity: identityOf(r, sign),
      expires: now + VALID_MS,
    },
    sign,
  );
  const url = `${pathOf(variables.request_uri || '')}?offload_continue=${token}`;
  if (url.length > LONGEST_URL) {
    variables.offload_hop_status = '';
    r.error(
      `offload: ${quoted(variables.offload_url || '')} is too long to wait on in another request`,
    );
    if (isTimeout) {
      cancelThen(r, true, () => r.return(504));
      return;
    }
    variables.offload_sent_on = `;;${due}`;
    r.internalRedirect(wayOf(variables).afterFirst);
    return;
  }
  r.headersOut['Cache-Control'] = 'no-store';
  r.headersOut.Location = url;
  r.headersOut['Content-Length'] = '0';
  if (isTimeout) {
    r.headersOut['Retry-After'] = variables.offload_retry_after || '';
  }
  r.status = isTimeout ? 202 : 303;
  r.sendHeader();
  r.finish();
}

/** js_content of /.offload/continue: a client that comes with a token waits on. */
export function resume(r: NginxHTTPRequest): void {
  const variables = r.variables;
  const now = Date.now();
  const keys = [variables.offload_hop_key || '', variables.offload_hop_other_key || ''];
  const token = readToken(
    variables.arg_offload_continue || '',
    now,
    keys.filter((key) => key !== '').map(signer),
    (sign) => identityOf(r, sign),
  );
  if (typeof token === 'string') {
    refuse(r, token);
    return;
  }
  for (let i = 0; i < NAMES.length; i++) {
    variables[`offload_${NAMES[i]}`] = token.values[i] || '';
  }
  const waited = Math.max(now - Number(variables.offload_since || '0') * 1000, 0);
  variables.offload_hop_rest = keepRest(token);
  variables.offload_sent_on = [
    token.hop,
    token.continues ? 'on' : 'off',
    String(token.next),
    String(now / 1000),
    // behind the last hop, the end of the wait is before another one
    token.hops === 0 ? '0' : variables.request_time || '',
  ].join(';');
  variables.offload_timeout = `${endOf(token, waited, readHop(token.hop) || 0)}ms`;
  r.internalRedirect(wayOf(variables).afterHop);
}

/** The app is not asked. */
function refuse(r: NginxHTTPRequest, why: Refused): void {
  switch (why) {
    case 'forged':
      r.error('offload: a client came with a token that no key of hop/keys.conf has signed: 404');
      r.return(404);
      break;
    case 'expired':
      r.error('offload: a client came with a token that is too old: 410');
      r.return(410);
      break;
    case 'foreign':
      r.error('offload: a client came with a token that was given to another one: 403');
      r.return(403);
  }
}

function signer(key: string): Sign {
  return (text) => crypto.createHmac('sha256', key).update(text).digest('base64url');
}

/** Of the client, by what does not change on the way: cookies may. And of the site, whose settings the token has. */
function identityOf(r: NginxHTTPRequest, sign: Sign): string {
  const variables = r.variables;
  return sign(
    [
      'identity',
      variables.server_name || '',
      variables.http_authorization || '',
      variables.offload_identity || '',
    ].join('\n'),
  );
}
