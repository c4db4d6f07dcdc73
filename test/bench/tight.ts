import { agrees, isMinimal, isUnsound, judge, type Verdict } from '../schedule/tight/judge.ts';
import { Options, runCommand } from './support/command.ts';
import { cpuSeconds, round } from './support/meter.ts';

const usage = 'npm run --silent bench:tight -- [--count 2000] [--first 0] --out NEW.json';

await runCommand(usage, () => {
  const options = new Options(process.argv.slice(2), { count: '2000', first: '0', out: undefined });
  const file = options.newFile('out');
  const first = options.number('first');
  const started = cpuSeconds();
  const verdicts = Array.from({ length: options.number('count') }, (_, n) => judge(first + n, cpuSeconds));
  const summary = summarise(verdicts, cpuSeconds() - started);
  const bad = verdicts.filter((one) => !agrees(one) || isUnsound(one) || isMinimal(one) === false);
  const ok = summary.disagree + summary.unsound === 0;
  return Promise.resolve({ file, result: { summary, bad }, summary, ok });
});

function summarise(verdicts: readonly Verdict[], cpu: number) {
  const count = (holds: (verdict: Verdict) => boolean): number => verdicts.filter(holds).length;
  const seconds = verdicts.map((verdict) => verdict.seconds).sort((a, b) => a - b);
  const plans = count((one) => isMinimal(one) !== undefined);
  return {
    clouds: verdicts.length,
    drawnTooLarge: verdicts.reduce((sum, { skipped }) => sum + skipped, 0),
    reachable: count(({ truth }) => truth.kind === 'reachable'),
    reachableWithStopOvers: count(({ truth }) => truth.kind === 'reachable' && truth.stopOvers > 0),
    reachableWithResidents: count(({ truth }) => truth.kind === 'reachable' && truth.needsResidents),
    unreachable: count(({ truth }) => truth.kind === 'unreachable'),
    agree: count(agrees),
    disagree: count((one) => !agrees(one) && one.answer.kind !== 'unknown'),
    unknown: count(({ answer }) => answer.kind === 'unknown'),
    minimal: count((one) => isMinimal(one) === true),
    minimalPercent: plans === 0 ? 100 : round((100 * count((one) => isMinimal(one) === true)) / plans, 2),
    unsound: count(isUnsound),
    orderCpuSeconds: round(
      seconds.reduce((sum, one) => sum + one, 0),
      2,
    ),
    orderCpuSecondsMedian: round(seconds[seconds.length >> 1] ?? 0, 4),
    orderCpuSecondsMost: round(seconds.at(-1) ?? 0, 2),
    cpuSeconds: round(cpu, 1),
  };
}
