// Bundles the program and the library: a command loads a few files instead of a thousand, and starts in less than half the time.
//
//     node .ci/build-program.mjs
import { build } from 'esbuild';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Where the program is, with the workers that it starts and what it shares with the library. */
const folder = 'cli';

const target = join(root, 'dist', folder);
const before = existsSync(target) ? readdirSync(target).filter((name) => /\.js(\.map)?$/.test(name)) : [];
for (const name of before) rmSync(join(target, name));

const workers = readdirSync(join(root, 'src'), { recursive: true }).filter((file) =>
  file.endsWith('-worker.ts'),
);

const { metafile } = await build({
  absWorkingDir: root,
  entryPoints: [
    { in: 'src/index.ts', out: 'index' },
    { in: 'src/cli/main.ts', out: `${folder}/main` },
    ...workers.map((file) => ({ in: `src/${file}`, out: `${folder}/${basename(file, '.ts')}` })),
  ],
  outdir: join(root, 'dist'),
  chunkNames: `${folder}/[name]-[hash]`,
  bundle: true,
  splitting: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  sourcemap: true,
  metafile: true,
  logLevel: 'warning',
});

// Whoever looks for a file beside itself is where the workers are, two folders below the package.
const astray = Object.entries(metafile.outputs).flatMap(([output, { inputs }]) =>
  dirname(output) === join('dist', folder)
    ? []
    : Object.keys(inputs).filter((input) => readFileSync(join(root, input), 'utf8').includes('import.meta.')),
);
if (astray.length > 0) throw new Error(`not beside the workers: ${astray.join(', ')}`);

chmodSync(join(target, 'main.js'), 0o755);
