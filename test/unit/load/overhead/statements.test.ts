import { readdirSync, readFileSync } from 'node:fs';
import { statements } from '../../../../load/overhead/statements';

test('directives and whole blocks are statements, comments are not', () => {
  const text = `
# a comment; with a semicolon
js_var $a  "x";  # and one behind
map $b $c {
    ""      "};";
    default \${d};
}
set $e '#';`;
  expect(statements(text)).toEqual([
    'js_var $a  "x";',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is nginx's
    'map $b $c {\n    ""      "};";\n    default ${d};\n}',
    "set $e '#';",
  ]);
});

const snippets = readdirSync('nginx', { encoding: 'utf8', recursive: true }).filter((name) =>
  name.endsWith('.conf'),
);

test.each(snippets)('no word of %s is lost but comments', (name) => {
  const text = readFileSync(`nginx/${name}`, 'utf8');
  // no snippet has a # in a string
  const words = text.replace(/#.*/g, '').split(/\s+/).filter(Boolean);
  expect(statements(text).join(' ').split(/\s+/)).toEqual(words);
});
