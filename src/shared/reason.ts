/** What an exception says, for the error log: those of QuickJS may have a name alone. */
export function reasonOf(error: unknown): string {
  return (error as Error).message || String(error);
}
