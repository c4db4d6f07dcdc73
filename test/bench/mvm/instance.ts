import { z } from 'zod';
import { readFileSync } from 'node:fs';
import { BadData } from '../support/command.ts';

/** A file of mVM's: hosts, VMs and where each goes (Kherbache, Hermenier: UCC'15, TCC'17). */
export interface MvmInstance {
  /** Mbit/s of each node's link, each way. */
  readonly linkMbps: ReadonlyMap<string, number>;
  readonly migrations: readonly MvmMigration[];
  /** What nodes hold: for each kind what VMs need of it and what is free on each node at the start. */
  readonly amounts: readonly MvmAmount[];
  /** Mbit/s of links between groups of nodes, each way; none in the files of mVM. */
  readonly uplinks: readonly MvmUplink[];
}

export interface MvmMigration {
  readonly vm: string;
  readonly from: string;
  readonly to: string;
  readonly memoryMB: number;
  readonly hotMB: number;
  readonly hotSeconds: number;
  readonly coldMBps: number;
}

export interface MvmAmount {
  readonly name: string;
  readonly needOf: ReadonlyMap<string, number>;
  readonly freeOn: ReadonlyMap<string, number>;
}

export interface MvmUplink {
  readonly name: string;
  readonly mbps: number;
  readonly nodes: ReadonlySet<string>;
}

const amountsById = z.record(z.string(), z.number());

const file = z.object({
  origin: z.object({
    mapping: z.object({ onlineNodes: z.record(z.string(), z.object({ runningVMs: z.array(z.number()) })) }),
    attributes: z.object({
      vms: z.record(
        z.string(),
        z.object({
          maxDirtySize: z.number(),
          maxDirtyDuration: z.number(),
          memUsed: z.number(),
          dirtyRate: z.number(),
        }),
      ),
    }),
    views: z.array(
      z.object({
        rcId: z.string(),
        defConsumption: z.number(),
        defCapacity: z.number(),
        nodes: amountsById,
        vms: amountsById,
      }),
    ),
  }),
  actions: z.array(z.object({ bw: z.number(), vm: z.number(), from: z.number(), to: z.number() })),
});

type File = z.infer<typeof file>;

/** Links of the four nodes of mVM's random files: a file shows only what its migrations can use of them. */
const randomLinks: Readonly<Record<string, number>> = { 0: 500, 1: 500, 2: 1000, 3: 1000 };

export function readMvm(path: string): MvmInstance {
  const parsed = file.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  if (!parsed.success) throw new BadData(`${path}: ${z.prettifyError(parsed.error)}`);
  const { origin, actions } = parsed.data;
  return {
    linkMbps: linksOf(parsed.data),
    uplinks: [],
    migrations: actions.map(({ vm, from, to }): MvmMigration => {
      const attributes = origin.attributes.vms[String(vm)];
      if (attributes === undefined) throw new BadData(`${path}: VM ${vm} has no attributes`);
      return {
        vm: String(vm),
        from: String(from),
        to: String(to),
        memoryMB: attributes.memUsed,
        hotMB: attributes.maxDirtySize,
        hotSeconds: attributes.maxDirtyDuration,
        coldMBps: attributes.dirtyRate,
      };
    }),
    amounts: origin.views.map((view) => amountOf(view, origin.mapping.onlineNodes)),
  };
}

/** The widest path that a node is at the end of, or its link in mVM's testbed. */
function linksOf({ origin, actions }: File): ReadonlyMap<string, number> {
  return new Map(
    Object.keys(origin.mapping.onlineNodes).map((node) => {
      const seen = actions.filter(({ from, to }) => String(from) === node || String(to) === node);
      return [node, Math.max(randomLinks[node] ?? 0, ...seen.map(({ bw }) => bw))];
    }),
  );
}

function amountOf(
  view: File['origin']['views'][number],
  nodes: File['origin']['mapping']['onlineNodes'],
): MvmAmount {
  const needOf = new Map(
    Object.values(nodes).flatMap(({ runningVMs }) =>
      runningVMs.map((vm) => [String(vm), view.vms[String(vm)] ?? view.defConsumption] as const),
    ),
  );
  const freeOn = new Map(
    Object.entries(nodes).map(([node, { runningVMs }]) => {
      const held = runningVMs.reduce((sum, vm) => sum + (needOf.get(String(vm)) ?? 0), 0);
      return [node, (view.nodes[node] ?? view.defCapacity) - held] as const;
    }),
  );
  return { name: view.rcId, needOf, freeOn };
}
