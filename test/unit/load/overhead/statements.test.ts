import { readdirSync, readFileSync } from 'node:fs';
import { statements } from '../../../../load/overhead/statements';

test('splits a text into directives and blocks, without comments', () => {
  const text = `
# a comment; with a semicolon
js_var $a  "x";  # a comment after a directive
map $b $c {
    ""      "};";
    default \${d};
}
set $e '#';`;
  expect(statements(text)).toEqual([
    'js_var $a  "x";',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: nginx syntax
    'map $b $c {\n    ""      "};";\n    default ${d};\n}',
    "set $e '#';",
  ]);
});

const snippets = readdirSync('nginx', { encoding: 'utf8', recursive: true }).filter((name) =>
  name.endsWith('.conf'),
);

test.each(snippets)('keeps each word of %s except comments', (name) => {
  const text = readFileSync(`nginx/${name}`, 'utf8');
  // no snippet has a # in a string
  const words = text.replace(/#.*/g, '').split(/\s+/).filter(Boolean);
  expect(statements(text).join(' ').split(/\s+/)).toEqual(words);
});
