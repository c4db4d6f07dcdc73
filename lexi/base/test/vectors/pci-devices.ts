import { z } from 'zod';
import { claimDevices, deviceState, freeAddresses, freeDevices } from '../../src/nova/pci-devices.ts';
import { count, pciRequests, strings } from './schema.ts';

const Input = z.object({
  devices: z.array(
    z
      .object({
        address: z.string(),
        vendorId: z.string(),
        productId: z.string(),
        devType: z.string(),
        numaNode: count.nullable(),
        parentAddress: z.string().nullable(),
        tags: strings,
      })
      .transform(({ numaNode, parentAddress, ...device }) => ({
        ...device,
        ...(numaNode === null ? {} : { numaNode }),
        ...(parentAddress === null ? {} : { parentAddress }),
      })),
  ),
  steps: z.array(
    z.discriminatedUnion('op', [
      z.object({
        op: z.literal('claim'),
        guest: z.string(),
        hostCellIds: z.array(count).nullable(),
        requests: pciRequests,
      }),
      z.object({ op: z.literal('free'), guest: z.string() }),
    ]),
  ),
});

export function pciDevices(input: unknown) {
  const { devices, steps } = Input.parse(input);
  const state = deviceState(devices);
  const verdicts: object[] = [];
  for (const step of steps) {
    if (step.op === 'free') {
      freeDevices(state, step.guest);
      verdicts.push({});
      continue;
    }
    const claim = claimDevices(state, step.guest, step.requests, step.hostCellIds ?? undefined);
    if (claim.kind === 'claimed') {
      verdicts.push({ schedulerAccepts: true, claimAccepts: true, devices: claim.addresses });
      continue;
    }
    verdicts.push({ schedulerAccepts: claim.kind === 'lost', claimAccepts: false });
    if (claim.kind === 'lost') return { steps: verdicts, stopped: true };
  }
  return { steps: verdicts, stopped: false, freeAtEnd: freeAddresses(state) };
}
