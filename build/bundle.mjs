/**
 * Bundles each entry of src into dist/offload, for the njs engine and for QuickJS.
 *
 * The njs engine implements ES5.1 and parts of later editions. esbuild lowers some of the missing
 * features and fails the build on the others.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { transformSync } from '@swc/core';
import { build } from 'esbuild';

export const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

/** @see https://nginx.org/en/docs/njs/compatibility.html */
const missingInNjs = [
  'array-spread',
  'async-generator',
  'bigint',
  'class',
  'class-field',
  'class-private-field',
  'class-static-blocks',
  'default-argument',
  'destructuring',
  'dynamic-import',
  'for-await',
  'for-of',
  'generator',
  'import-meta',
  'logical-assignment',
  'nested-rest-binding',
  'new-target',
  'nullish-coalescing',
  'object-accessors',
  'object-extensions',
  'object-rest-spread',
  'optional-catch-binding',
  'optional-chain',
  'regexp-lookbehind-assertions',
  'regexp-named-capture-groups',
  'regexp-sticky-and-unicode-flags',
  'regexp-unicode-property-escapes',
  'rest-argument',
  'top-level-await',
  'unicode-escapes',
];

const src = new URL('../src/', import.meta.url);

/** Names of the entries. */
export const bundles = readdirSync(src)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => basename(name, '.ts'));

/** What esbuild makes of each module. */
const lowered = {
  bundle: true,
  write: false,
  target: 'es2017',
  supported: Object.fromEntries(missingInNjs.map((feature) => [feature, false])),
  // built into njs
  external: ['fs', 'crypto'],
  loader: { '.html': 'text' },
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
};

/**
 * A module whose code runs when its default export is called, and not in each VM: njs creates the functions
 * within a function when that is called.
 */
const deferred = {
  name: 'deferred',
  setup(setup) {
    setup.onLoad({ filter: /\/src\/redis\/answering\.ts$/ }, async ({ path }) => {
      const { outputFiles } = await build({
        ...lowered,
        entryPoints: [path],
        format: 'iife',
        globalName: 'deferred',
      });
      const code = `${outputFiles[0].text}\nreturn deferred.default();`;
      return { contents: `export default function () {\n${code}\n}`, loader: 'js' };
    });
  },
};

/**
 * @param {string} name of an entry
 * @param {string} outfile
 */
export async function bundle(name, outfile) {
  const { outputFiles } = await build({
    ...lowered,
    entryPoints: [new URL(`${name}.ts`, src).pathname],
    format: 'esm',
    plugins: [deferred],
    define: { VERSION: JSON.stringify(version) },
    banner: { js: `// nginx-offload ${version}, MIT licence` },
  });
  mkdirSync(dirname(outfile), { recursive: true });
  const code = outputFiles[0].text;
  // a client that waits on Redis has a VM of the stream module, which needs all of it
  const text = name === 'redis' ? withDefaultExport(code) : onDemand(code, name);
  writeFileSync(outfile, withVar(text));
}

/**
 * njs's own engine allocates each `let` and `const` in a loop at each iteration, and frees nothing before
 * the request ends; esbuild does not lower them.
 */
function withVar(code) {
  return transformSync(code, {
    isModule: true,
    env: { targets: { node: '20' }, include: ['transform-block-scoping'] },
  }).code;
}

/** njs supports `export default` only; esbuild writes `export { x as default }`. */
function withDefaultExport(code) {
  const written = /export \{\s*(\w+) as default\s*\};/g;
  if ([...code.matchAll(written)].length !== 1 || /^export /m.test(code.replace(written, ''))) {
    throw new Error('the entry must have exactly one export, the default one');
  }
  return code.replace(written, 'export default $1;');
}

/**
 * All but the entry's own code in a function, which the first call from there runs. Each JavaScript VM of nginx
 * runs all modules of its location, whichever it needs, and makes an object of each function that it comes by.
 */
function onDemand(code, name) {
  const imports = /^import .*;\n/gm;
  const mark = `// src/${name}.ts\n`;
  const [before = '', entry] = withDefaultExport(code).replace(imports, '').split(mark);
  if (entry === undefined) {
    throw new Error(`no ${mark}`);
  }
  const [exported = ''] = /^var \w+_default = [\s\S]*$/m.exec(entry) ?? [];
  const own = entry.slice(0, entry.length - exported.length);
  const functions = [...before.matchAll(/^function (\w+)\(/gm)].map(([, each]) => each);
  const usedIn = (text) => functions.filter((each) => new RegExp(`\\b${each}\\b`).test(text));
  const called = own.replace(
    new RegExp(`\\b(${usedIn(own).join('|') || '-'})\\(`, 'g'),
    (_, each) => `code().${each}(`,
  );
  return `${(code.match(imports) ?? []).join('')}var known;
function code() {
  if (known === undefined) {
    known = all();
  }
  return known;
}
function all() {
${before}
return { ${usedIn(entry)
    .map((each) => `${each}: ${each}`)
    .join(', ')} };
}
${usedIn(exported)
  .map((each) => `function ${each}(r) { return code().${each}(r); }\n`)
  .join('')}
${mark}${called}${exported}`;
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const folder = process.argv[2] ?? 'dist/offload';
  for (const name of bundles) {
    await bundle(name, `${folder}/${name}.js`);
    console.log(`${folder}/${name}.js (${version})`);
  }
}
