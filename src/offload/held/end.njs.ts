/** The end of a held request: the job of a client that disconnected is cancelled. */

import fs from 'fs';

/**
 * js_content of @offload_end, the post_action of a held request: nginx runs it once at the end of the
 * request. No header was sent to a client that disconnected before its result.
 *
 * post_action is undocumented and in every nginx. What runs last must set a status, or the access log
 * has that of a 500.
 */
export function afterHeldRequest(r: NginxHTTPRequest): void {
  checkAccess(r);
  if (r.status === 0) {
    const hasCancel = (r.variables.offload_cancel || '') !== '';
    r.variables.offload_cancelled = hasCancel ? '1' : '';
    r.internalRedirect(hasCancel ? '@offload_cancel' : '@offload_disconnected');
    return;
  }
  try {
    r.finish();
  } catch (_) {
    // the client disconnected during the result
  }
}

/** In a file's mode: access of its group, and of other users. */
const GROUP = 0o070;
const OTHERS = 0o007;

/**
 * Says if others can reach the private sockets: nginx keeps the mode of a folder that exists. Here, as this is run
 * once for a held request, at its end.
 */
function checkAccess(r: NginxHTTPRequest): void {
  const addresses = (r.variables.upstream_addr || '').split('unix:');
  const socket = addresses[addresses.length - 1] as string;
  const folder = socket.slice(0, socket.lastIndexOf('/'));
  const open = openModeOf(folder);
  if (open !== 0) {
    r.error(`offload: other users can reach the sockets: ${folder} has mode ${open.toString(8)}`);
  }
}

/** 0 if it is closed, or was removed. The group root has access where service/sockets.sh gives it. */
function openModeOf(folder: string): number {
  try {
    const stat = fs.statSync(folder);
    const isOpen = (stat.mode & OTHERS) !== 0 || ((stat.mode & GROUP) !== 0 && stat.gid !== 0);
    return isOpen ? stat.mode & 0o777 : 0;
  } catch {
    return 0;
  }
}
