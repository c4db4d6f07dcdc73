import type { Arrival } from '../../src/constraints/arrival.ts';
import { rules } from '../../src/constraints/registry.ts';
import { warningRules } from '../../src/replay/warnings/registry.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { NumaCell } from '../../src/model/numa.ts';
import type { Server } from '../../src/model/server.ts';
import { judgeArrival } from '../../src/replay/legality.ts';
import { createState } from '../../src/replay/state.ts';
import {
  aCell,
  aCloud,
  aContext,
  aHost,
  anArrival,
  aServer,
  shippedProfile,
  someConfig,
} from '../support/builders.ts';

/** A cell of four cores of which one floats; `pinned` are host CPU ids. */
export const aMixedCell = (id: number, pinned: readonly number[] = [], bigPages = 8): NumaCell =>
  aCell(id, { cores: 4, shared: 1, memoryMiB: 32768, bigPages, pinned, memoryUsedMiB: pinned.length * 1024 });

/** A host of two such cells. */
export const aTwinHost = (
  name: string,
  pinned: readonly number[] = [],
  over: Parameters<typeof aHost>[1] = {},
) =>
  aHost(name, {
    vcpu: 8,
    pcpu: 12,
    cells: [
      aMixedCell(
        0,
        pinned.filter((cpu) => cpu < 1000),
      ),
      aMixedCell(
        1,
        pinned.filter((cpu) => cpu >= 1000),
      ),
    ],
    ...over,
  });

/** A server that is pinned to host CPUs of one NUMA cell. */
export const pinnedServer = (
  name: string,
  host: string,
  cpus: readonly number[],
  over: Partial<Server> = {},
): Server =>
  aServer(name, host, {
    vcpus: cpus.length,
    extraSpecs: { 'hw:cpu_policy': 'dedicated' },
    topology: {
      kind: 'placed',
      topology: {
        cells: [
          {
            hostCellId: Math.floor((cpus[0] ?? 0) / 1000),
            sharedVcpus: [],
            dedicatedVcpus: cpus.map((_, vcpu) => vcpu),
            pinning: cpus.map((cpu, vcpu) => [vcpu, cpu] as const),
            memoryMiB: 4096,
          },
        ],
      },
    },
    ...over,
  });

/** A server with a NUMA topology whose vCPUs float. */
export const numaServer = (name: string, host: string): Server =>
  aServer(name, host, {
    extraSpecs: { 'hw:numa_nodes': '1' },
    topology: {
      kind: 'placed',
      topology: {
        cells: [{ hostCellId: 0, sharedVcpus: [0, 1], dedicatedVcpus: [], memoryMiB: 4096 }],
      },
    },
  });

/** A cloud on which old releases may migrate NUMA servers live. */
export const aNumaCloud = (content: Parameters<typeof aCloud>[0]): Cloud => ({
  ...aCloud(content),
  config: { ...someConfig, workarounds: { value: ['enable_numa_live_migration'], known: true } },
});

/** What an operator is told of a live migration under a profile. */
export function toldUnder(
  profile: string,
  cloud: Cloud,
  server: string,
  to: string,
  over: Partial<Arrival> = {},
): { readonly refusals: readonly string[]; readonly warnings: readonly string[] } {
  const allow = ['nic-detach', ...(over.forced === true ? (['forced'] as const) : [])] as const;
  const context = aContext(cloud, { profile: shippedProfile(profile), allow });
  const state = createState(context);
  const arrival = anArrival(context, server, to, over);
  return {
    refusals: judgeArrival(arrival, state, rules).refusals.map(({ rule, text }) => `${rule}: ${text}`),
    warnings: warningRules.flatMap((rule) =>
      (rule.onArrival?.(arrival, state) ?? []).map(({ text }) => `${rule.id}: ${text}`),
    ),
  };
}
