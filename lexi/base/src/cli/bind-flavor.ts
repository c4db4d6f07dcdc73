import { amountsOfFlavor } from '../constraints/derive-demands.ts';
import type { Cloud } from '../model/cloud.ts';
import type { Goal } from '../objective/goal.ts';
import { didYouMean, type FlagReader } from './flag-reader.ts';

/** The goal with a flavor of the cloud in its free slots (`--for-flavor`); what stands against it is noted. */
export function bindFlavor(goal: Goal, name: string | undefined, cloud: Cloud, read: FlagReader): Goal {
  if (name === undefined) return goal;
  const refuse = (summary: string, hint?: string): Goal => {
    read.refuse('--for-flavor', name, summary, hint);
    return goal;
  };
  if (!goal.terms.some(({ kind }) => kind === 'free-slots'))
    return refuse(
      `goal ${goal.name} has no free slots`,
      '--goal defragment, or a goal with a term free-slots',
    );
  const flavor = cloud.flavors.get(name);
  if (flavor === undefined)
    return refuse('the inventory has no flavor of this name', didYouMean(name, cloud.flavors.keys()).hint);
  const amounts = amountsOfFlavor(flavor);
  return {
    ...goal,
    terms: goal.terms.map((term) => (term.kind === 'free-slots' ? { ...term, amounts } : term)),
  };
}
