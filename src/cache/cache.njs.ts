/** What nginx calls for the cache: the purge, and the check of an answer before it is stored. */

import crypto from 'crypto';
import fs from 'fs';
import { reasonOf } from '../shared/reason';
import {
  cacheFolder,
  fetchBegan,
  isPart,
  isPurgeable,
  isPurgedSince,
  KEPT_TIME,
  marksOf,
  PURGE_TIME,
} from './purge';
import { type HeaderLine, whyNotStorable } from './storable';

/**
 * js_content of the purge: removes the files of one answer, as nginx has no directive for it. At the
 * next request, nginx opens the file again, in whichever worker process, and takes it for a miss.
 */
export function purge(r: NginxHTTPRequest): void {
  if (r.method !== 'POST') {
    r.headersOut.Allow = 'POST';
    r.return(405, 'purge with POST\n');
    return;
  }
  // a proxy on this machine has an address that is allowed; its clients are not
  const variables = r.variables;
  if (variables.http_x_forwarded_for || variables.http_forwarded || variables.http_via) {
    r.return(403, 'not through a proxy\n');
    return;
  }
  if (!isPurgeable(variables.args || '')) {
    r.return(400, 'POST /.offload/purge?https://example.com/path\n');
    return;
  }
  const raw = r.rawVariables;
  const digest = digestOf(raw.args as Buffer, raw.http_x_offload_variant);
  attempt(r, () => {
    // first: answers that are being fetched are not stored after it, and have 30 ms to be in a file before
    const marks = marksOf(variables.offload_cache_purged as string, digest);
    fs.writeFileSync(marks[1] as string, '');
    setTimeout(() => attempt(r, () => finish(r, digest)), PURGE_TIME);
  });
}

function finish(r: NginxHTTPRequest, digest: string): void {
  if (remove(r.variables.offload_cache_path as string, digest)) {
    r.return(200, 'purged\n');
  } else {
    r.return(404, 'not there\n');
  }
}

function attempt(r: NginxHTTPRequest, action: () => void): void {
  try {
    action();
  } catch (error) {
    r.error(`offload: not purged: ${reasonOf(error)}`);
    r.return(500, 'not purged: see the error log\n');
  }
}

/** @returns whether there was an answer, or a part of one */
function remove(path: string, digest: string): boolean {
  const folder = cacheFolder(path, digest);
  const names = namesIn(folder);
  let isFound = false;
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    if (isPart(name, digest)) {
      isFound = removeFile(`${folder}/${name}`) || isFound;
    }
  }
  // last, as a part may have become whole meanwhile
  return removeFile(`${folder}/${digest}`) || isFound;
}

function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (error) {
    return unlessMissing(error, []);
  }
}

/** @returns whether it was there */
function removeFile(path: string): boolean {
  try {
    fs.unlinkSync(path);
    return true;
  } catch (error) {
    return unlessMissing(error, false);
  }
}

/** @returns the value if the error is that there is no such file */
function unlessMissing<T>(error: unknown, value: T): T {
  if ((error as { code?: string }).code !== 'ENOENT') {
    throw error;
  }
  return value;
}

/**
 * js_set where the cache is filled: `storable`, or why an answer of the app must not be stored. Where it
 * throws, the variable is empty and the answer is not stored (nginx/cache/http.conf).
 */
export function storable(r: NginxHTTPRequest): string {
  const variables = r.variables;
  const lines = r.rawHeadersOut as unknown as HeaderLine[];
  const reason = whyNotStorable(lines, (variables.offload_cache_variant || '') !== '');
  if (reason !== '') {
    // requests that wait for such an answer are passed to the app one after the other
    r.warn(`offload: the answer is not cached: ${reason}`);
    return reason;
  }
  // what is kept for requests that waited was checked by kept()
  const isCurrent = variables.upstream_cache_status === 'HIT' || current(r) !== '';
  return isCurrent ? 'storable' : 'it was purged meanwhile';
}

/**
 * js_set where nginx stores an answer: `current`, unless it was purged since nginx began to fetch it.
 * Never evaluated for a hit. Where it throws, as above.
 */
export function current(r: NginxHTTPRequest): string {
  const variables = r.variables;
  const began = fetchBegan(variables.msec as string, variables.upstream_header_time as string);
  return isPurgedSince(lastPurge(r), began) ? '' : 'current';
}

/**
 * js_set: `current`, unless an answer that is kept for requests that waited may be older than a purge.
 * Where it throws, such an answer is not served.
 */
export function kept(r: NginxHTTPRequest): string {
  return isPurgedSince(lastPurge(r), Date.now() - KEPT_TIME) ? '' : 'current';
}

/** When the answer to this request was purged last, in ms; -Infinity for never. */
function lastPurge(r: NginxHTTPRequest): number {
  const raw = r.rawVariables;
  const digest = digestOf(raw.offload_cache_url as Buffer, raw.offload_cache_variant);
  const marks = marksOf(r.variables.offload_cache_purged as string, digest);
  return Math.max(timeOf(marks[0] as string), timeOf(marks[1] as string));
}

/** When a file was changed, in ms; -Infinity for none. */
function timeOf(path: string): number {
  try {
    return fs.statSync(path).mtimeMs;
  } catch (error) {
    return unlessMissing(error, Number.NEGATIVE_INFINITY);
  }
}

/** md5 of proxy_cache_key, in hex: of its bytes. */
function digestOf(url: Buffer, variant: Buffer | undefined): string {
  const hash = crypto.createHash('md5');
  hash.update(url);
  hash.update(' ');
  hash.update(variant || '');
  return hash.digest('hex') as string;
}
