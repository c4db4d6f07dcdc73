import { Options, runCommand } from './support/command.ts';
import { runVmr2l } from './vmr2l/run.ts';

const usage =
  'npm run --silent bench:vmr2l -- --in SNAPSHOT.json[.gz] --moves K --time SECONDS [--clock wall|cpu] --out NEW.json';

await runCommand(usage, async () => {
  const options = new Options(process.argv.slice(2), {
    in: undefined,
    moves: undefined,
    time: '5',
    clock: 'wall',
    out: undefined,
  });
  const file = options.newFile('out');
  const { moves, ...result } = await runVmr2l(
    options.text('in'),
    options.number('moves'),
    options.number('time'),
    options.clock(),
  );
  return { file, result: { moves, ...result }, summary: result, ok: result.verdict.broken.length === 0 };
});
