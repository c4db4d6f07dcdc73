import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** A page around data, bundled from the sources, under the policy that the real one has. */
export async function envelope(data: string): Promise<string> {
  const { script, style } = await bundled();
  const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Plan</title><style>${style}</style></head>
<body><div id="page"></div><script type="application/json" id="page-data">${data.replaceAll('<', '\\u003c')}</script>
<script>${script}</script></body></html>`;
}

let made: Promise<{ script: string; style: string }> | undefined;

const bundled = () => (made ??= bundle());

async function bundle(): Promise<{ script: string; style: string }> {
  const { outputFiles } = await build({
    absWorkingDir: fileURLToPath(new URL('../../..', import.meta.url)),
    entryPoints: ['src/page/main.tsx', 'src/page/page.css'],
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    define: { 'process.env.NODE_ENV': '"production"' },
    write: false,
    outdir: 'out',
  });
  const of = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? '';
  return { script: of('.js').replaceAll('</script', '<\\/script'), style: of('.css') };
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
