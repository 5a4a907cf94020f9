/** What the head comment of a snippet says: its context, and an example, which becomes a whole nginx.conf. */

import { type Directive, isSame, parse, print } from './nginx-syntax';

/** The blocks around a snippet, by the words in its head. */
const BLOCKS: Record<string, string[]> = {
  http: ['http'],
  upstream: ['http', 'upstream'],
  server: ['http', 'server'],
  location: ['http', 'server', 'location'],
  'stream server': ['stream', 'server'],
};

/** An include of a snippet, and the blocks around it in its file or example. */
export interface Included {
  snippet: string;
  blocks: string[];
}

/** @param text of a snippet, whose first line is such as `# Context: http, server` */
export function contextsOf(text: string): string[][] {
  const [, words = ''] = /^# Context: (.*)\n/.exec(text) ?? [];
  return words.split(', ').map((word) => {
    const blocks = BLOCKS[word];
    if (blocks === undefined) {
      throw new Error(`no context in the first line: ${text.split('\n', 1)}`);
    }
    return blocks;
  });
}

export function includedIn(directives: Directive[], blocks: string[] = []): Included[] {
  return directives.flatMap(({ name, args: [file = ''], children }) => {
    const [, snippet] = (name === 'include' && /^offload\/(.*)/.exec(file)) || [];
    return snippet === undefined
      ? includedIn(children ?? [], [...blocks, name])
      : [{ snippet, blocks }];
  });
}

/**
 * The indented parts of the head comment that are nginx configuration; a shell command is none.
 *
 * @param text of the snippet
 */
export function examplesIn(text: string): string[] {
  const [head = ''] = /^(?:#.*\n)+/.exec(text) ?? [];
  return head
    .split(/^#(?! {5}).*\n/m)
    .map((part) => part.replace(/^# {5}/gm, ''))
    .filter((part) => part !== '' && !part.startsWith('curl '));
}

/** Directives of an example's block of that name are added to its counterpart; other blocks replace it. */
const MERGED = ['http', 'server'];

/**
 * The configuration with the examples in it.
 *
 * @param textOf a snippet that an example includes
 */
export function complete(
  examples: string[],
  configuration: string,
  textOf: (snippet: string) => string,
): Directive[] {
  return examples.reduce(
    (whole, example) => merge(whole, wrapped(parse(example), textOf)),
    parse(configuration),
  );
}

/** With the blocks around it that the context of its first snippet has and the example does not show. */
function wrapped(example: Directive[], textOf: (snippet: string) => string): Directive[] {
  const [first] = includedIn(example);
  if (first === undefined) {
    throw new Error(`the example includes no snippet: ${print(example)}`);
  }
  const shown = first.blocks.length;
  const context = contextsOf(textOf(first.snippet)).find(
    (blocks) => `${blocks.slice(-shown)}` === `${first.blocks}`,
  );
  if (shown === 0 || context === undefined) {
    throw new Error(`${first.snippet} does not stand in its context: ${print(example)}`);
  }
  return context
    .slice(0, -shown)
    .reduceRight((children, name): Directive[] => [{ name, args: [], children }], example);
}

function merge(whole: Directive[], example: Directive[]): Directive[] {
  const replaced = new Set<Directive>();
  const merged = example.map((directive) => {
    const counterpart = counterpartOf(directive, whole);
    if (counterpart === undefined) {
      return directive;
    }
    replaced.add(counterpart);
    return MERGED.includes(directive.name)
      ? { ...counterpart, children: merge(counterpart.children ?? [], directive.children ?? []) }
      : directive;
  });
  const kept = whole.filter(
    (directive) => !replaced.has(directive) && !example.some((each) => isSame(each, directive)),
  );
  const isBlock = ({ children }: Directive) => children !== undefined;
  return [...kept.filter((each) => !isBlock(each)), ...merged, ...kept.filter(isBlock)];
}

/** Of blocks of the same name and arguments, the one that has most of the block's lines. */
function counterpartOf(block: Directive, whole: Directive[]): Directive | undefined {
  if (block.children === undefined) {
    return undefined;
  }
  const lines = linesOf(block);
  const [best] = whole
    .filter(({ name, args }) => name === block.name && `${args}` === `${block.args}`)
    .map((candidate) => {
      const its = linesOf(candidate);
      return { candidate, alike: lines.filter((line) => its.includes(line)).length };
    })
    // servers have no arguments to be told by
    .filter(({ alike }) => block.name !== 'server' || alike > 0)
    .sort((a, b) => b.alike - a.alike);
  return best?.candidate;
}

function linesOf({ children = [] }: Directive): string[] {
  const lines = print(children).split('\n');
  return lines.map((line) => line.trim()).filter((line) => line.length > 1);
}
