/**
 * Bundles each entry of src into a file of dist/offload, for njs's own engine and for QuickJS.
 *
 * njs's own engine is ES5.1 with parts of later editions. esbuild can lower some of what it
 * lacks and stops the build on the rest.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { build } from 'esbuild';

export const { version } = JSON.parse(
  readFileSync(new URL('../package.json', import.meta.url), 'utf8'),
);

/** @see https://nginx.org/en/docs/njs/compatibility.html */
const lackedByNjs = [
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

/** The names of the entries. */
export const bundles = readdirSync(src)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => basename(name, '.ts'));

/**
 * @param {string} name of an entry
 * @param {string} outfile
 */
export async function bundle(name, outfile) {
  const { outputFiles } = await build({
    entryPoints: [new URL(`${name}.ts`, src).pathname],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2017',
    supported: Object.fromEntries(lackedByNjs.map((feature) => [feature, false])),
    // modules that nginx has built in
    external: ['fs', 'crypto'],
    charset: 'utf8',
    legalComments: 'none',
    define: { VERSION: JSON.stringify(version) },
    banner: { js: `// nginx-offload ${version}, MIT licence` },
    logLevel: 'warning',
  });
  mkdirSync(dirname(outfile), { recursive: true });
  writeFileSync(outfile, withDefaultExport(outputFiles[0].text));
}

/** njs knows no other form of export than this one; esbuild writes `export { x as default }`. */
function withDefaultExport(code) {
  const written = /export \{\s*(\w+) as default\s*\};/g;
  if ([...code.matchAll(written)].length !== 1 || /^export /m.test(code.replace(written, ''))) {
    throw new Error('the entry must have a default export and no other');
  }
  return code.replace(written, 'export default $1;');
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  const folder = process.argv[2] ?? 'dist/offload';
  for (const name of bundles) {
    await bundle(name, `${folder}/${name}.js`);
    console.log(`${folder}/${name}.js (${version})`);
  }
}
