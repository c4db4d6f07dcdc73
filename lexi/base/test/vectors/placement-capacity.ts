import { z } from 'zod';
import { capacityUnits, isCandidate, judgeAllocation } from '../../src/nova/placement-capacity.ts';
import { count } from './schema.ts';

const Input = z.object({
  inventory: z.object({
    total: count,
    reserved: count,
    allocationRatio: z.number(),
    minUnit: count,
    maxUnit: count,
    stepSize: count,
  }),
  existingAllocations: z.array(count),
  requestedAmounts: z.array(count).min(1),
});

export function placementCapacity(input: unknown) {
  const { inventory, existingAllocations, requestedAmounts } = Input.parse(input);
  const used = existingAllocations.reduce((sum, amount) => sum + amount, 0);
  const [amount, ...more] = requestedAmounts;
  return {
    allocate: judgeAllocation(inventory, used, requestedAmounts),
    capacityUnits: capacityUnits(inventory),
    ...(amount !== undefined && more.length === 0 ? { candidate: isCandidate(inventory, used, amount) } : {}),
  };
}
