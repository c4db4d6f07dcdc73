import type { Host } from '../model/host.ts';

/**
 * The overcommit ratios by which Nova limits what comes to a host: those of its compute node, else Placement's. Where
 * Placement was not read either nothing may arrive (rule `capacity`): the strictest defaults of any release stand in
 * (`initial_cpu_allocation_ratio` and `initial_ram_allocation_ratio` since 27.0.0).
 */
export const ratiosOf = (host: Host | undefined): { readonly cpu: number; readonly ram: number } => ({
  cpu: host?.cpuAllocationRatio ?? ratioIn(host, 'VCPU') ?? 4,
  ram: host?.ramAllocationRatio ?? ratioIn(host, 'MEMORY_MB') ?? 1,
});

const ratioIn = (host: Host | undefined, resource: string): number | undefined =>
  host?.providers.flatMap(({ inventories }) => inventories.get(resource)?.allocationRatio ?? [])[0];
