/**
 * Bundles each entry of src into dist/offload, for the njs engine and for QuickJS.
 *
 * The njs engine implements ES5.1 and parts of later editions. esbuild lowers some of the missing
 * features and fails the build on the others.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { transformSync as transformBySwc } from '@swc/core';
import { build, transformSync } from 'esbuild';

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
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.deferred.ts'))
  .map((name) => basename(name, '.ts'));

/** As esbuild writes it. */
const EXPORT = /export \{\s*(\w+) as default\s*\};/g;

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
 * The code of a module `*.deferred.ts`, and of what it imports, runs when its default export is called. nginx's
 * JavaScript VMs run all modules of their location, whichever a request needs, and make an object of each function
 * that they come by.
 */
const deferred = {
  name: 'deferred',
  setup(setup) {
    setup.onLoad({ filter: /\.deferred\.ts$/ }, async ({ path }) => {
      const { outputFiles } = await build({ ...lowered, entryPoints: [path], format: 'esm' });
      const imports = /^import .*;\n/gm;
      const [{ text }] = outputFiles;
      const code = text.replace(imports, '').replace(EXPORT, 'return $1();');
      const contents = `${(text.match(imports) ?? []).join('')}export default function () {\n${code}}`;
      return { contents, loader: 'js' };
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
  });
  mkdirSync(dirname(outfile), { recursive: true });
  writeFileSync(outfile, withoutSpace(withVar(withDefaultExport(outputFiles[0].text))));
}

/** QuickJS has the text of each function in each VM: 7 % of what a client that waits on Redis costs. */
function withoutSpace(code) {
  return transformSync(code, {
    target: lowered.target,
    supported: lowered.supported,
    charset: lowered.charset,
    minifyWhitespace: true,
    lineLimit: 120,
    banner: `// nginx-offload ${version}, MIT licence`,
  }).code;
}

/**
 * njs's own engine allocates each `let` and `const` in a loop at each iteration, and frees nothing before
 * the request ends; esbuild does not lower them.
 */
function withVar(code) {
  return transformBySwc(code, {
    isModule: true,
    env: {
      targets: { node: '20' },
      include: ['transform-block-scoping', 'transform-template-literals'],
    },
    jsc: { assumptions: { ignoreToPrimitiveHint: true } },
  }).code;
}

/** njs supports `export default` only; esbuild writes `export { x as default }`. */
function withDefaultExport(code) {
  if ([...code.matchAll(EXPORT)].length !== 1 || /^export /m.test(code.replace(EXPORT, ''))) {
    throw new Error('the entry must have exactly one export, the default one');
  }
  return code.replace(EXPORT, 'export default $1;');
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const folder = process.argv[2] ?? 'dist/offload';
  for (const name of bundles) {
    await bundle(name, `${folder}/${name}.js`);
    console.log(`${folder}/${name}.js (${version})`);
  }
}
