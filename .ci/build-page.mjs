// Bundles the review page of plans, which `planner report` writes into its file: script and style in one piece each.
//
//     node .ci/build-page.mjs [FOLDER]     dist/page where none is given
import { build } from 'esbuild';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Whoever passes a page on passes on the licences of what is in it. */
const licences = [
  'Contains Apache ECharts, Copyright 2017-2026 The Apache Software Foundation, Apache License 2.0',
  '(https://www.apache.org/licenses/LICENSE-2.0), ZRender and Preact:',
  ...['zrender', 'preact'].map(
    (name) => `\n${name}\n\n${readFileSync(join(root, 'node_modules', name, 'LICENSE'), 'utf8').trim()}`,
  ),
].join('\n');

await build({
  absWorkingDir: root,
  entryPoints: [
    { in: 'src/page/main.tsx', out: 'page' },
    { in: 'src/page/page.css', out: 'page' },
  ],
  outdir: process.argv[2] ?? join(root, 'dist', 'page'),
  bundle: true,
  minify: true,
  format: 'iife',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'inline',
  banner: { js: `/*!\n${licences}\n*/` },
  logLevel: 'warning',
});
