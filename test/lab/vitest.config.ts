import { basename } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const minutes = 60_000;

/** One file after the other, as they share one cloud: first those that need it as it was seeded. */
const order = [
  'seed',
  'import',
  'nova-db',
  'postgresql',
  'prometheus',
  'doctor',
  'evacuate', // leaves every server where it was
  'plans',
  'generated',
  'kills',
  'run',
  'failures',
  'refusals',
  'figures',
  'behaviour',
  'secrets', // the last: it reads what all others have left behind
].map((name) => `${name}.lab.test.ts`);

class InOrder extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => order.indexOf(basename(moduleId));
    return Promise.resolve(files.toSorted((one, other) => place(one) - place(other)));
  }
}

export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    include: order.map((file) => `test/lab/${file}`),
    fileParallelism: false,
    maxWorkers: 1,
    sequence: { sequencer: InOrder },
    // A limit only against a hang: no test may fail because the machine is busy.
    testTimeout: 15 * minutes,
    hookTimeout: 15 * minutes,
  },
});
