import { z } from 'zod';
import type { RuleContext } from '../constraints/context.ts';

const feature = z.string().min(1);

/** libvirt's CPU models as data: `models/cpu-models.json`. */
export const cpuTableSchema: z.ZodType<RuleContext['cpuTable']> = z
  .strictObject({
    libvirtVersion: z.string(),
    arch: z.string(),
    note: z.string(),
    models: z.record(
      z.string(),
      z.strictObject({
        vendor: z.string().nullable(),
        features: z.array(feature),
        removedFeatures: z.array(feature),
      }),
    ),
    features: z.array(feature),
  })
  .transform(({ models, features }) => ({
    features: new Set(features),
    models: new Map(
      Object.entries(models).map(([name, model]) => [name, { features: new Set(model.features) }] as const),
    ),
  }));
