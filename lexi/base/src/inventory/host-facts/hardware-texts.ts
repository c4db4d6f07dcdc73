import { z } from 'zod';
import { present } from '../present.ts';
import { parseItems } from '../replies.ts';
import { parseJson } from '../json-text.ts';
import { parseCpuList } from '../xml-reader.ts';
import type { HardwareCell } from './capabilities.ts';

/** A node of `numactl --hardware`. */
export interface NumactlNode {
  readonly id: number;
  readonly cpus: readonly number[];
  readonly memoryMiB: number;
  readonly distances: readonly number[];
}

/** The nodes of `numactl --hardware`; `undefined` where the text names none. */
export function readNumactl(text: string): readonly NumactlNode[] | undefined {
  const of = (pattern: RegExp): ReadonlyMap<number, string> =>
    new Map([...text.matchAll(pattern)].map(([, id = '', rest = '']) => [Number(id), rest]));
  const cpus = of(/^node (\d+) cpus:(.*)$/gm);
  const sizes = of(/^node (\d+) size: (\d+) MB/gm);
  const distances = of(/^\s*(\d+):((?:\s+\d+)+)\s*$/gm);
  const nodes = [...cpus].map(([id, list]) => ({
    id,
    cpus: numbersOf(list),
    memoryMiB: Number(sizes.get(id) ?? '0'),
    distances: numbersOf(distances.get(id) ?? ''),
  }));
  return nodes.length === 0 ? undefined : nodes;
}

const numbersOf = (text: string): number[] => (text.match(/\d+/g) ?? []).map(Number);

/** A CPU of `lscpu -p=CPU,CORE,SOCKET,NODE`. */
export interface LscpuCpu {
  readonly cpu: number;
  readonly core: number;
  readonly socket: number;
  readonly node: number;
}

/** The CPUs of `lscpu -p`, whatever its columns stand in; those that are off line are left out. */
export function readLscpuTable(text: string): readonly LscpuCpu[] | undefined {
  const header = /^# *(CPU[A-Za-z,]*)$/m.exec(text)?.[1]?.toLowerCase().split(',') ?? [];
  const place = (name: string): number => header.indexOf(name);
  if (['cpu', 'core', 'socket', 'node'].some((name) => place(name) < 0)) return undefined;
  return text.split('\n').flatMap((line): LscpuCpu[] => {
    const columns = line.split(',');
    const [cpu, core, socket, node] = ['cpu', 'core', 'socket', 'node'].map((name) => {
      const column = columns[place(name)];
      return column !== undefined && /^\d+$/.test(column.trim()) ? Number(column) : undefined;
    });
    return cpu === undefined || core === undefined || socket === undefined || node === undefined
      ? []
      : [{ cpu, core, socket, node }];
  });
}

const Field: z.ZodType<RawField> = z.lazy(() =>
  z.object({ field: z.string(), data: z.string().nullish(), children: z.array(Field).optional() }),
);

interface RawField {
  readonly field: string;
  readonly data?: string | null | undefined;
  readonly children?: readonly RawField[] | undefined;
}

/** The fields of `lscpu -J` by name, flat as through ssh or nested as on a terminal. */
export function readLscpuFields(text: string, source: string): ReadonlyMap<string, string> {
  const [reply] = parseItems(z.object({ lscpu: z.array(Field) }), [
    { source, path: [], value: parseJson(text, source) },
  ]);
  const fields = new Map<string, string>();
  const open = [...(reply?.lscpu ?? [])];
  for (let field = open.shift(); field !== undefined; field = open.shift()) {
    fields.set(field.field.replace(/:$/, ''), field.data ?? '');
    open.push(...(field.children ?? []));
  }
  return fields;
}

/** Which CPUs each NUMA node has, as `lscpu -J` tells. */
export const nodesOf = (fields: ReadonlyMap<string, string>): ReadonlyMap<number, readonly number[]> =>
  new Map(
    [...fields].flatMap(([name, data]) => {
      const [, node] = /^NUMA node(\d+) CPU\(s\)$/.exec(name) ?? [];
      const cpus = parseCpuList(data);
      return node === undefined || cpus === undefined ? [] : [[Number(node), cpus] as const];
    }),
  );

/** Pages by node from lines such as `/sys/devices/system/node/node0/hugepages/hugepages-2048kB/nr_hugepages:24`. */
export const readHugepages = (
  text: string,
): ReadonlyMap<number, readonly { readonly sizeKiB: number; readonly total: number }[]> => {
  const pages = new Map<number, { sizeKiB: number; total: number }[]>();
  for (const [, node = '', size = '', total = ''] of text.matchAll(
    /node(\d+)\/hugepages\/hugepages-(\d+)kB\/nr_hugepages[:=]\s*(\d+)/g,
  )) {
    const list = pages.get(Number(node)) ?? [];
    pages.set(Number(node), list);
    list.push({ sizeKiB: Number(size), total: Number(total) });
  }
  return pages;
};

const smallPageKiB = 4;

/**
 * Cells from `numactl`, `lscpu -p` and the page counts of sysfs, where `virsh capabilities` was not recorded. All
 * three are needed: without cores no siblings, without page counts no huge pages.
 */
export function cellsFromTexts(
  nodes: readonly NumactlNode[] | undefined,
  table: readonly LscpuCpu[] | undefined,
  pages: ReturnType<typeof readHugepages> | undefined,
): readonly HardwareCell[] | undefined {
  if (nodes === undefined || table === undefined || pages === undefined) return undefined;
  return nodes.map((node): HardwareCell => {
    const cpus = table.filter((each) => each.node === node.id);
    const cores = new Map<string, number[]>();
    for (const { cpu, core, socket } of cpus) {
      const key = `${socket}/${core}`;
      cores.set(key, [...(cores.get(key) ?? []), cpu]);
    }
    const sockets = new Set(cpus.map(({ socket }) => socket));
    const [socket] = sockets;
    const huge = (pages.get(node.id) ?? []).toSorted((a, b) => a.sizeKiB - b.sizeKiB);
    const hugeKiB = huge.reduce((sum, { sizeKiB, total }) => sum + sizeKiB * total, 0);
    const memoryKiB = node.memoryMiB * 1024;
    return present({
      id: node.id,
      memoryKiB,
      pages: [
        { sizeKiB: smallPageKiB, total: Math.max(0, Math.floor((memoryKiB - hugeKiB) / smallPageKiB)) },
        ...huge,
      ],
      cpus: cpus.map(({ cpu }) => cpu),
      siblings: [...cores.values()],
      socket: sockets.size === 1 ? socket : undefined,
      distances: node.distances.length === 0 ? undefined : node.distances,
    });
  });
}
