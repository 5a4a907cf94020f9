/** Progress of a part: one line, rewritten on a terminal; otherwise a line every 5 s. */

let last = 0;

export function progress(line: string): void {
  if (process.stdout.isTTY) {
    process.stdout.write(`\r\x1b[K${line}\r`);
  } else if (Date.now() - last >= 5000) {
    last = Date.now();
    console.log(line);
  }
}
