/** Progress of a run: one line, rewritten on a terminal; otherwise a line every 5 s. */

export class Progress {
  private readonly started = Date.now();
  private last = 0;
  private readonly isTerminal = process.stdout.isTTY;

  constructor(
    private readonly name: string,
    private readonly requests: number,
  ) {}

  update(answered: number): void {
    if (!this.isTerminal && Date.now() - this.last < 5000) {
      return;
    }
    this.last = Date.now();
    const seconds = Math.round((Date.now() - this.started) / 1000);
    const line = `${this.name}, ${seconds} s: ${answered} of ${this.requests} answered`;
    process.stdout.write(this.isTerminal ? `\r\x1b[K${line}` : `${line}\n`);
  }

  finish(line: string): void {
    process.stdout.write(`${this.isTerminal ? '\r\x1b[K' : ''}${this.name}: ${line}\n`);
  }
}
