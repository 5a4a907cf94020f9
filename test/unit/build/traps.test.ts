/** What reads well in src/ and is wrong in njs's own engine, or where others choose the names. */

import { readdirSync, readFileSync } from 'node:fs';
import { parseSync } from '@swc/core';

interface Traps {
  /** Regular expressions in which a $ is no character: it is before a last newline as well. */
  ends: string[];
  /** Variables that begin as {}: such an object has a property `constructor`. */
  objects: string[];
}

function trapsIn(code: string): Traps {
  const traps: Traps = { ends: [], objects: [] };
  // each node of the syntax tree, as JSON.parse walks it
  JSON.parse(JSON.stringify(parseSync(code, { syntax: 'typescript' })), (_, node) => {
    if (node?.type === 'RegExpLiteral' && node.pattern.replace(/\\.|\[.*?\]/g, '').includes('$')) {
      traps.ends.push(node.pattern);
    }
    if (node?.type === 'VariableDeclarator' && node.init?.properties?.length === 0) {
      traps.objects.push(node.id.value);
    }
    return node;
  });
  return traps;
}

test('such code is found', () => {
  const code = String.raw`
    const isName = /^[\w$]+$/.test(name) && !/[$]|\$/.test(name);
    const counts: Record<string, number> = {};
    const known: Record<string, number> = Object.create(null);
    const states: Record<string, number> = { busy: 0, idle: 0 };`;
  expect(trapsIn(code)).toEqual({ ends: [String.raw`^[\w$]+$`], objects: ['counts'] });
});

const files = readdirSync('src', { recursive: true, encoding: 'utf8' });

test.each(files.filter((name) => name.endsWith('.ts')))('src/%s has none of it', (name) => {
  expect(trapsIn(readFileSync(`src/${name}`, 'utf8'))).toEqual({ ends: [], objects: [] });
});
