/** Whether a private socket is there: in a quit nginx removes it. */

import fs from 'fs';

/** @param path of the socket, perhaps with `unix:` before it, as nginx writes an address */
export function isListening(path: string): boolean {
  try {
    fs.accessSync(path.startsWith('unix:') ? path.slice('unix:'.length) : path);
    return true;
  } catch {
    return false;
  }
}
