/** The text of an nginx.conf as directives, and back. */

export interface Directive {
  name: string;
  args: string[];
  /** Of a block. */
  children?: Directive[];
}

const TOKEN = /#[^\n]*|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[{};]|(?:\$\{\w+\}|\\.|[^\s{};\\])+/gs;

/** Blocks that are open at the end of the text are closed there. */
export function parse(text: string): Directive[] {
  const top: Directive[] = [];
  const blocks: Directive[][] = [top];
  const open: Directive[] = [];
  let words: string[] = [];
  const add = (children?: Directive[]) => {
    const [name, ...args] = words;
    if (name === undefined) {
      throw new Error(`a directive without a name in: ${text}`);
    }
    const directive: Directive = children === undefined ? { name, args } : { name, args, children };
    blocks.at(-1)?.push(directive);
    words = [];
    return directive;
  };
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === ';') {
      add();
    } else if (token === '{') {
      const children: Directive[] = [];
      open.push(add(children));
      blocks.push(children);
    } else if (token === '}') {
      if (open.pop() === undefined || words.length > 0) {
        throw new Error(`unexpected "}" in: ${text}`);
      }
      blocks.pop();
    } else if (!token.startsWith('#')) {
      words.push(token);
    }
  }
  if (words.length > 0) {
    throw new Error(`no ";" behind "${words.join(' ')}" in: ${text}`);
  }
  return top;
}

export function print(directives: Directive[], indent = ''): string {
  return directives
    .map(({ name, args, children }) => {
      const line = indent + [name, ...args].join(' ');
      return children === undefined
        ? `${line};\n`
        : `${line} {\n${print(children, `${indent}    `)}${indent}}\n`;
    })
    .join('');
}

export function isSame(a: Directive, b: Directive): boolean {
  return print([a]) === print([b]);
}
