import { runRoadef } from './roadef/run.ts';
import { Options, runCommand } from './support/command.ts';

const usage =
  'npm run --silent bench:roadef -- --model MODEL.txt[.gz] --assignment ASSIGNMENT.txt[.gz] --time SECONDS [--clock wall|cpu] --out NEW.json';

await runCommand(usage, async () => {
  const options = new Options(process.argv.slice(2), {
    model: undefined,
    assignment: undefined,
    time: '300',
    clock: 'wall',
    out: undefined,
  });
  const file = options.newFile('out');
  const { assignment, ...result } = await runRoadef(
    options.text('model'),
    options.text('assignment'),
    options.number('time'),
    options.clock(),
  );
  return { file, result: { assignment, ...result }, summary: result, ok: result.verdict.broken.length === 0 };
});
