import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { isMigration } from '../../src/plan/run-steps.ts';
import { createRng, type Rng } from '../../src/shared/rng.ts';
import { drawCopies } from './support/drawn.ts';
import { noteFigure } from './support/figures.ts';
import { type Generated, generatePlan, recover, runWords } from './support/generated.ts';
import { type Lab, openLab } from './support/lab.ts';
import { expectOutcome, newestMigration } from './support/outcome.ts';
import { type Ended, planner, plannerEnd, startPlanner } from './support/planner.ts';
import { size } from './support/size.ts';

const goesOn = ['plan.json', '--cloud', 'lab', '--yes'];
const mostTries = 4;

/** Each goes on where the one before ended. The kill comes some time after a drawn line of the journal. */
describe('a run that was killed is resumed, and neither repeats nor forgets a migration', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await openLab();
  });

  for (let round = 0; round < size.kills; round++)
    it(`kill number ${round} of seed ${size.seed}`, async () => {
      const rng = createRng(size.seed, 10_000 + round);
      const { before, ...generated } = await killedRun(rng, round);
      const { command } = generated;
      // Every fifth has its resume killed as well; where that is over before, it was a resume like the others.
      const again = round % 5 === 4 && (await killed(generated, rng));

      const ended = await goOn(generated);

      const said = `${command}\n${ended.stdout}${ended.stderr}`;
      const resumed = ended.code === 0;
      noteFigure({ kind: 'kill', kills: again ? 2 : 1, resumed });
      expect(resumed, said).toBe(true);
      await expectOutcome(lab, generated, before);
      await recover(generated, lab);
    });

  /** A run that is over before it can be killed is none: another is drawn. */
  async function killedRun(rng: Rng, round: number) {
    for (let tries = 0; tries < mostTries; tries++) {
      const generated = await generatePlan(rng, round, lab);
      await drawCopies(rng, lab, 2);
      const before = await newestMigration(lab);
      if (await killed(generated, rng)) return { ...generated, before };
      await recover(generated, lab);
    }
    throw new Error(`${mostTries} runs were over before they could be killed`);
  }
});

/** Begins a run or goes on with it, kills it at a drawn instant, and tells whether it came before the end. */
async function killed(generated: Generated, rng: Rng): Promise<boolean> {
  const { folder, plan } = generated;
  const lines = linesIn(folder);
  const expected = plan.steps.reduce((count, step) => count + (isMigration(step) ? 5 : 3), 1);
  const wanted = lines + rng.nextInt(Math.max(1, expected - lines));
  const started = startPlanner(folder, ...words(generated));
  const end = plannerEnd(started);
  await untilLines(started, folder, wanted);
  // Mostly soon after the line, where a call is on its way; at times long after it.
  await sleep(rng.nextFloat() ** 3 * 3000);
  started.kill('SIGKILL');
  return (await end).signal === 'SIGKILL';
}

async function untilLines(child: ChildProcess, folder: string, wanted: number): Promise<void> {
  while (linesIn(folder) < wanted && child.exitCode === null) await sleep(5);
}

const goOn = (generated: Generated): Promise<Ended> => planner(generated.folder, ...words(generated));

/** Whoever was killed before the first line of the journal has not begun. */
const words = (generated: Generated): readonly string[] => [
  linesIn(generated.folder) === 0 ? 'run' : 'resume',
  ...goesOn,
  ...runWords(generated),
];

function linesIn(folder: string): number {
  const journal = join(folder, 'plan.journal.jsonl');
  return existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length - 1 : 0;
}
