/** js_set of $offload_version: which bundle this nginx runs. */

/** Put in by build/bundle.mjs, from package.json. */
declare const VERSION: string;

export function version(): string {
  return VERSION;
}
