import type { ResourceInventory } from '../model/placement.ts';

/** Placement's answer to an allocation: `constraints` when an amount breaks min, max or step, else capacity. */
export type AllocationVerdict = 'ok' | 'constraints' | 'capacity';

/** What a provider can hold: (total − reserved) × ratio, whole units. Source: placement `Inventory.capacity`. */
export function capacityUnits(inventory: ResourceInventory): number {
  return Math.trunc(exactCapacity(inventory));
}

/** Whether an amount keeps to min_unit, max_unit and step_size; libvirt sets max_unit to the raw total. */
export function keepsUnits(inventory: ResourceInventory, amount: number): boolean {
  return amount >= inventory.minUnit && amount <= inventory.maxUnit && amount % inventory.stepSize === 0;
}

/**
 * Whether Placement writes `amounts` of one request (for different consumers) beside `used` units in use.
 *
 * Each amount is checked in order, its units before its capacity; the sum of those so far must fit too. Amount 0 is
 * not checked. Source: placement `objects/allocation.py:_check_capacity_exceeded`.
 */
export function judgeAllocation(
  inventory: ResourceInventory,
  used: number,
  amounts: readonly number[],
): AllocationVerdict {
  const capacity = exactCapacity(inventory);
  let sum = 0;
  for (const amount of amounts) {
    sum += amount;
    if (amount === 0) continue;
    if (!keepsUnits(inventory, amount)) return 'constraints';
    if (used + sum > capacity) return 'capacity';
  }
  return 'ok';
}

/** Whether the provider appears among the allocation candidates for `amount`. */
export function isCandidate(inventory: ResourceInventory, used: number, amount: number): boolean {
  return keepsUnits(inventory, amount) && used + amount <= capacityUnits(inventory);
}

/** A double, as Placement computes it on SQLite and PostgreSQL; MySQL keeps the ratio in single precision. */
function exactCapacity(inventory: ResourceInventory): number {
  return (inventory.total - inventory.reserved) * inventory.allocationRatio;
}
