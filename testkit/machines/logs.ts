/** The logs of what a test started; testkit/jest/environment.mjs prints them when the test fails. */

const logs = new Map<object, { name: string; read: () => string }>();

(globalThis as { serverLogs?: () => string }).serverLogs = () =>
  [...logs.values()]
    .map(({ name, read }) => `${name}:\n${lastLines(read()) || '(empty)'}\n`)
    .join('\n');

/** @param read is called when a test fails while the server runs */
export function keepLog(server: object, name: string, read: () => string): void {
  logs.set(server, { name, read });
}

export function forgetLog(server: object): void {
  logs.delete(server);
}

const lastLines = (text: string) => text.trimEnd().split('\n').slice(-40).join('\n');
