// Bundles the review page of plans, which `planner report` writes into its file: script and style in one piece each.
//
//     node .ci/build-page.mjs [FOLDER]     dist/page where none is given
import { build } from 'esbuild';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

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
  logLevel: 'warning',
});
