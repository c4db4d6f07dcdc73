import { beforeAll, describe, expect, it } from 'vitest';
import { createRng } from '../../src/shared/rng.ts';
import { drawCopies } from './support/drawn.ts';
import { noteFigure } from './support/figures.ts';
import { generatePlan, recover, runWords } from './support/generated.ts';
import { type Lab, openLab } from './support/lab.ts';
import { noteNovaTimes, novaTimes } from './support/nova-times.ts';
import {
  cellsIn,
  expectOutcome,
  journalIn,
  newestMigration,
  planFigure,
  refusalsIn,
} from './support/outcome.ts';
import { planner } from './support/planner.ts';
import { size } from './support/size.ts';

const goesOn = ['--cloud', 'lab', '--yes'];

/** Plans of drawn goals, hosts and options, carried out by the product; each goes on where the one before ended. */
describe('a drawn plan is carried out as it stands', () => {
  let lab: Lab;

  beforeAll(async () => {
    lab = await openLab();
    await noteNovaTimes();
  });

  for (let round = 0; round < size.plans; round++)
    it(`number ${round} of seed ${size.seed}`, async () => {
      const rng = createRng(size.seed, round);
      const generated = await generatePlan(rng, round, lab);
      const { folder, plan, command } = generated;
      await drawCopies(rng, lab, 1.5);
      const before = await newestMigration(lab);

      const ended = await planner(folder, 'run', 'plan.json', ...goesOn, ...runWords(generated));

      const said = `${command}\n${ended.stdout}${ended.stderr}`;
      expect(ended.code, said).toBe(0);
      const journal = journalIn(folder);
      noteFigure(planFigure(plan, journal, await novaTimes()));
      expect(refusalsIn(journal), said).toEqual([]);
      expect(cellsIn(plan, journal).wrong, said).toEqual([]);
      await expectOutcome(lab, generated, before);
      await recover(generated, lab);
    });
});
