/** Command line of a benchmark: help, and errors about settings. */

import { SettingError } from './settings';

/** @param help has a line for each setting, starting with its name */
export function beginCommand(help: string): void {
  process.on('uncaughtException', (error) => {
    console.error(error instanceof SettingError ? `error: ${error.message}` : error);
    process.exit(1);
  });
  // HELP=1, as `make bench --help` prints the help of make
  if (process.argv.includes('--help') || process.env.HELP) {
    console.log(help);
    process.exit(0);
  }
  const unknown = unknownSettings(help, process.env.MAKEFLAGS ?? '');
  if (unknown.length > 0) {
    throw new SettingError(
      `${unknown.join(', ')}: unknown setting; known settings: ${settingsIn(help).join(' ')}`,
    );
  }
}

/**
 * Finds mistyped settings, with which the default benchmark would run for a long time.
 *
 * @param makeFlags the variable MAKEFLAGS, which ends with ` -- NAME=value …`
 * @returns names given to make that the benchmark does not have
 */
export function unknownSettings(help: string, makeFlags: string): string[] {
  const [, given = ''] = makeFlags.split(/(?:^| )-- /);
  // spaces in values are escaped with a backslash
  const names = [...given.matchAll(/(?<!\\)(?:^| )(\w+)=/g)].map(([, name]) => name ?? '');
  return names.filter((name) => !settingsIn(help).includes(name));
}

export function settingsIn(help: string): string[] {
  return [...help.matchAll(/^ {2}([A-Z_]+)\b/gm)].map(([, name]) => name ?? '');
}
