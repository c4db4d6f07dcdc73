import { z } from 'zod';
import type { Rows } from '../table-rows.ts';
import { type ServerId, serverId } from '../../model/ids.ts';
import type { HeldClaim } from '../../model/migration.ts';
import type { Facts, ServerFacts } from '../facts.ts';
import { mapIf, present } from '../present.ts';
import { parseItems } from '../replies.ts';
import { EmbeddedFlavor, toFlavor } from '../nova-formats/embedded-flavor.ts';
import { toGuestCpu, VcpuModel } from '../nova-formats/guest-cpu.ts';
import { GuestTopology, toPlacedTopology } from '../nova-formats/guest-numa.ts';
import { jsonColumn } from '../nova-formats/json-column.ts';
import { PciRequests, toPciRequests } from '../nova-formats/pci.ts';
import { maybe } from '../nova-formats/maybe.ts';

const Devices = z.object({ objects: z.array(z.object({ address: z.string() })) });

const Context = z.object({
  migration_id: z.int(),
  old_numa_topology: maybe(GuestTopology),
  new_numa_topology: maybe(GuestTopology),
  old_pci_devices: maybe(Devices),
  new_pci_devices: maybe(Devices),
});

/** The table `instance_extra`. Rows of old servers may have any column null. */
const Extra = z.object({
  instance_uuid: z.string().min(1),
  flavor: jsonColumn(
    z.object({ cur: maybe(EmbeddedFlavor), old: maybe(EmbeddedFlavor), new: maybe(EmbeddedFlavor) }),
  ),
  numa_topology: jsonColumn(GuestTopology),
  pci_requests: jsonColumn(PciRequests),
  vcpu_model: jsonColumn(VcpuModel),
  migration_context: jsonColumn(Context),
});

type Raw = z.infer<typeof Extra>;

/** Topology with pins and emulator CPUs, PCI requests, CPU, flavor, and what a move of the server holds. */
export function readInstanceExtra(rows: Rows): Facts {
  const servers = new Map<ServerId, ServerFacts>();
  for (const raw of parseItems(Extra, rows)) servers.set(serverId(raw.instance_uuid), toFacts(raw));
  return { source: 'db:instance_extra', servers };
}

const toFacts = (raw: Raw): ServerFacts =>
  present({
    flavor: mapIf(raw.flavor?.cur, toFlavor),
    topology: toTopology(raw),
    pciRequests: mapIf(raw.pci_requests, toPciRequests),
    cpu: mapIf(raw.vcpu_model, toGuestCpu),
    heldByMigration: toHeld(raw),
  });

/** A null column says that the server has no topology; one on no host cells says nothing of where it is. */
function toTopology({ numa_topology: raw }: Raw): ServerFacts['topology'] {
  if (raw === undefined) return { kind: 'none' };
  const topology = toPlacedTopology(raw);
  return topology === undefined ? undefined : { kind: 'placed', topology };
}

/** `old` is what the source holds, `new` what the destination does. */
function toHeld({ migration_context: context, flavor }: Raw): ServerFacts['heldByMigration'] {
  if (context === undefined) return undefined;
  return {
    migration: context.migration_id,
    held: {
      source: toClaim(context.old_numa_topology, context.old_pci_devices, flavor?.old),
      destination: toClaim(context.new_numa_topology, context.new_pci_devices, flavor?.new),
    },
  };
}

function toClaim(
  topology: z.infer<typeof GuestTopology> | undefined,
  devices: z.infer<typeof Devices> | undefined,
  flavor: z.infer<typeof EmbeddedFlavor> | undefined,
): HeldClaim {
  const addresses = (devices?.objects ?? []).map(({ address }) => address.toLowerCase());
  return present({
    topology: mapIf(topology, toPlacedTopology),
    pciDevices: addresses.length === 0 ? undefined : addresses.sort(),
    flavor: mapIf(flavor, toFlavor),
  });
}
