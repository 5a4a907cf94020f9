/** The example in the head comment of a snippet, and the whole nginx.conf that it is a part of. */

import { type Directive, isSame, parse } from './nginx-syntax';

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

/** The configuration with the example in it. */
export function complete(examples: string[], configuration: string): Directive[] {
  return examples.reduce(
    (whole, example) => merge(whole, wrapped(parse(example))),
    parse(configuration),
  );
}

/** The blocks around an example, by the highest level that its directives say they belong to. */
function wrapped(example: Directive[]): Directive[] {
  const has = (...names: string[]) => example.some(({ name }) => names.includes(name));
  if (has('load_module', 'user', 'events', 'http')) {
    return example;
  }
  if (has('upstream', 'map', 'server') || example.some(isOfHttp)) {
    return [{ name: 'http', args: [], children: example }];
  }
  if (has('location', 'listen')) {
    return wrapped([{ name: 'server', args: [], children: example }]);
  }
  return wrapped([{ name: 'location', args: ['/'], children: example }]);
}

function isOfHttp({ name, args: [file = ''] }: Directive): boolean {
  return name === 'include' && /\bhttp\.conf$/.test(file);
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

/** Of blocks of the same name and arguments, the one that has most of what the block has. */
function counterpartOf(block: Directive, whole: Directive[]): Directive | undefined {
  if (block.children === undefined) {
    return undefined;
  }
  const [best] = whole
    .filter(({ name, args }) => name === block.name && `${args}` === `${block.args}`)
    .map((candidate) => ({ candidate, likeness: likeness(block, candidate) }))
    // servers have no arguments to be told by
    .filter((each) => block.name !== 'server' || each.likeness > 0)
    .sort((a, b) => b.likeness - a.likeness);
  return best?.candidate;
}

/** How many directives of the block another block has too. */
function likeness(block: Directive, other: Directive): number {
  let count = 0;
  for (const directive of block.children ?? []) {
    const others = other.children ?? [];
    const counterpart = counterpartOf(directive, others);
    if (counterpart !== undefined) {
      count += 1 + likeness(directive, counterpart);
    } else if (others.some((each) => isSame(each, directive))) {
      count++;
    }
  }
  return count;
}
