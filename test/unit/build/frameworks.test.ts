/** docs/accepted.md, "Frameworks": what is to be copied stands in the examples, which are tested with real frameworks. */

import { readFileSync } from 'node:fs';

const [, frameworks = ''] = readFileSync('docs/accepted.md', 'utf8').split('\n## Frameworks\n');

test.each([
  ['python', 'examples/django/reports/views.py'],
  ['ruby', 'examples/rails/app/controllers/reports_controller.rb'],
  ['php', 'examples/php/reports.php'],
])('the lines of %s are those of %s', (language, path) => {
  const [, lines] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(frameworks) ?? [];
  expect(lines).toMatch(/202|:accepted/);
  expect(readFileSync(path, 'utf8')).toContain(lines);
});
