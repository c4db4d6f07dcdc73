import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../../', import.meta.url));

const program = (id: string): string => `
  import { createBackend } from './src/solve/backends/registry.ts';
  import { createModel } from './src/solve/linear/linear-model.ts';
  const builder = createModel('m');
  const x = builder.addVariable({ name: 'x', lower: 0, upper: 9, kind: 'integer', cost: -1 });
  builder.addRow({ name: 'r', lower: -Infinity, upper: 7, indices: [x], values: [2] });
  const budget = { effort: { nodes: 99, simplexIterations: 999 }, relativeGap: 0, absoluteGap: 0 };
  createBackend('${id}').solve({ model: builder.build() }, budget).then((answer) => {
    process.stdout.write(answer.status + ' ' + answer.objective);
  });
`;

it.each(['highs', 'glpk', 'jslp'])(
  'ends a process that solved with %s and closed nothing, having printed what the process printed alone',
  async (id) => {
    const args = ['--import', 'tsx', '--input-type=module', '--eval', program(id)];

    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd: root });

    expect(stdout).toBe('optimal -3');
    expect(stderr).toBe('');
  },
);
