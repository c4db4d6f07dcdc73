import { z } from 'zod';
import type { GuestCpu } from '../../model/cpu.ts';
import { compareText } from '../../shared/collections.ts';
import { present } from '../present.ts';
import { maybe } from './maybe.ts';

/** `instance_extra.vcpu_model`; no model for host-model and host-passthrough. */
export const VcpuModel = z.object({
  arch: maybe(z.string()),
  vendor: maybe(z.string()),
  model: maybe(z.string()),
  mode: maybe(z.enum(['custom', 'host-model', 'host-passthrough', 'maximum', 'none'])).catch(undefined),
  match: maybe(z.enum(['exact', 'minimum', 'strict'])).catch(undefined),
  features: maybe(
    z.array(
      z.object({
        name: z.string(),
        policy: maybe(z.enum(['require', 'optional', 'disable', 'forbid', 'force'])),
      }),
    ),
  ),
});

export const toGuestCpu = (raw: z.infer<typeof VcpuModel>): GuestCpu =>
  present({
    mode: raw.mode,
    match: raw.match,
    model: raw.model,
    vendor: raw.vendor,
    arch: raw.arch,
    features: (raw.features ?? [])
      .map(({ name, policy }) => ({ name, policy: policy ?? ('require' as const) }))
      .sort((a, b) => compareText(a.name, b.name)),
  });
