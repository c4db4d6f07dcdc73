import { BadData, Options, runCommand } from './support/command.ts';
import { missingData } from './support/data.ts';
import { runSynthetic } from './synthetic/run.ts';

const usage =
  'npm run --silent bench:synthetic -- --hosts H --servers V --seed S --goal a|b [--load 0.6] --time SECONDS [--clock wall|cpu] --out NEW.json';

await runCommand(usage, async () => {
  const options = new Options(process.argv.slice(2), {
    hosts: undefined,
    servers: undefined,
    seed: undefined,
    goal: undefined,
    load: '0.6',
    time: undefined,
    clock: 'wall',
    out: undefined,
  });
  const file = options.newFile('out');
  const missing = missingData('synthetic', 'gen.mjs');
  if (missing !== undefined) throw new BadData(missing);
  const { places, ...result } = await runSynthetic({
    hosts: options.number('hosts'),
    servers: options.number('servers'),
    seed: options.number('seed'),
    goal: options.oneOf('goal', ['a', 'b']),
    load: options.number('load'),
    timeSeconds: options.number('time'),
    clock: options.clock(),
  });
  const { outcome, bound, verdict } = result;
  return {
    file,
    result: { servers: Array.from(places, (place) => [place >> 1, place & 1]), bound, outcome },
    summary: result,
    ok: verdict.bad === 0,
  };
});
