/** How a benchmark talks to whoever runs it: its help, and what is wrong with the settings. */

import { SettingError } from './settings';

/** @param help has a line for each setting, which begins with its name */
export function beginCommand(help: string): void {
  process.on('uncaughtException', (error) => {
    console.error(error instanceof SettingError ? `error: ${error.message}` : error);
    process.exit(1);
  });
  // `make bench --help` is make's own
  if (process.argv.includes('--help') || process.env.HELP) {
    console.log(help);
    process.exit(0);
  }
  const unknown = unknownSettings(help, process.env.MAKEFLAGS ?? '');
  if (unknown.length > 0) {
    throw new SettingError(
      `${unknown.join(', ')}: there is no such setting; there are ${settingsIn(help).join(' ')}`,
    );
  }
}

/**
 * A name with a typo would have the default run for a long time.
 *
 * @param makeFlags as make hands them on: ` -- NAME=value …`
 * @returns names that were given to make and are none of the benchmark's
 */
export function unknownSettings(help: string, makeFlags: string): string[] {
  const [, given = ''] = makeFlags.split(/(?:^| )-- /);
  // a space within a value has a backslash before it
  const names = [...given.matchAll(/(?<!\\)(?:^| )(\w+)=/g)].map(([, name]) => name ?? '');
  return names.filter((name) => !settingsIn(help).includes(name));
}

export function settingsIn(help: string): string[] {
  return [...help.matchAll(/^ {2}([A-Z_]+)\b/gm)].map(([, name]) => name ?? '');
}
