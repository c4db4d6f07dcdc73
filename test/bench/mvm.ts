import { readMvm } from './mvm/instance.ts';
import { runMvm } from './mvm/run.ts';
import { Options, runCommand } from './support/command.ts';

const usage = 'npm run --silent bench:mvm -- --in FILE --out SCHEDULE.json';

await runCommand(usage, () => {
  const options = new Options(process.argv.slice(2), { in: undefined, out: undefined });
  const file = options.newFile('out');
  const { migrations, verdict, bound, ...summary } = runMvm(readMvm(options.text('in')));
  return Promise.resolve({
    file,
    result: {
      migrations: migrations.map((one) => ({ ...one, vm: Number(one.vm) })),
      makespan: verdict.makespan,
      bound,
    },
    summary: { ...summary, bound, verdict },
    ok: verdict.broken.length === 0,
  });
});
