import type { Plan } from '../../plan/plan.ts';
import { revertText } from '../client.ts';
import { isMigration, noReturnTexts } from '../step-words.ts';
import { shellWord } from '../words.ts';

/** What to do when a step fails, and where the way back closes: one paragraph an entry. */
export function whenItFails(plan: Plan, planFile: string): readonly string[] {
  const { steps } = plan;
  if (steps.length === 0) return [];
  const file = shellWord(planFile);
  const kinds = new Set(steps.filter(isMigration).map(({ kind }) => kind));
  return [
    'After a failed step nothing more is requested. What is on its way comes to its end, and services are left as the plan has them where everything with their host is done, else as they were found. With `--on-failure continue` steps that do not depend on the failed one go on; with `--on-failure replan` the rest is planned again, and asked about before it goes on.',
    `\`planner status ${file}\` says what failed, in Nova's words and in plain ones, how the server was left, which log of which host to read, and what to do next.`,
    `\`planner resume ${file}\` goes on, whatever ended the run: nothing is requested twice, and what failed is tried again.`,
    `\`planner stop ${file}\` requests nothing more and waits for what is on its way; \`planner abort ${file}\` aborts live migrations too.`,
    ...(kinds.has('live')
      ? [
          'A live migration that fails leaves its server running where it was; one that fails at its very end may leave it half done, and status says where it runs.',
        ]
      : []),
    ...(kinds.has('cold')
      ? [
          `A cold migration can be taken back until it is confirmed: \`${revertText('SERVER', plan)}\`. A guest that fails its check is reverted and stays on its host.`,
        ]
      : []),
    ...(kinds.has('evacuate')
      ? [
          'A server that is evacuated is started anew from its disks: there is no way back once it is requested. The host that it leaves must be powered off.',
        ]
      : []),
    `\`planner rollback ${file} --inventory NOW\` plans the way back of all that has moved, as a plan of its own; it needs an inventory that was read after the run.`,
    ...noReturnTexts(steps).map((text) => `No way back: ${text}.`),
  ];
}
