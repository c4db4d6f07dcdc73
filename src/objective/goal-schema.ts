import { z } from 'zod';
import type { Goal } from './goal.ts';

const amount = z.number().min(0).max(1e9);
const percent = z.number().min(0).max(100);

const hostsUsed = z.strictObject({ kind: z.literal('hosts-used'), weight: amount });

const loadAboveMean = z.strictObject({
  kind: z.literal('load-above-mean'),
  weight: amount,
  resources: z.array(z.string().regex(/^[A-Z0-9_]+$/, 'a Placement resource class')).min(1),
  thresholds: z.array(z.strictObject({ abovePercent: percent, slope: amount })).min(1),
});

const migrationCost = z.strictObject({ kind: z.literal('migration-cost'), perMove: amount, perGiB: amount });

/** A goal as data: `models/goals/*.json` and `--goal-file`. */
export const goalSchema: z.ZodType<Goal> = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'a name of small letters, digits and hyphens'),
  description: z.string(),
  spareHosts: z.int().min(0).max(10_000),
  headroomPercent: z.int().min(0).max(99),
  disableEmptied: z.boolean(),
  terms: z.array(z.discriminatedUnion('kind', [hostsUsed, loadAboveMean, migrationCost])).min(1),
} satisfies Record<keyof Goal, z.ZodType>);
