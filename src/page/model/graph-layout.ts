import type { PageStep } from '../../report/page/page-data.ts';

/** Boxes in columns and lines between them, in units of columns and rows. */
export interface GraphLayout {
  readonly columns: readonly {
    readonly title: string;
    readonly steps: readonly number[];
    /** Further steps that belong here and are not drawn. */
    readonly more: number;
  }[];
  readonly edges: readonly {
    readonly from: number;
    readonly to: number;
    readonly until: 'ended' | 'requested';
  }[];
}

/** Above these the whole graph is a tangle. */
export const mostDrawn = { steps: 150, edges: 600 };

/** What a step waits for (to the left) and what waits for it (to the right), to a depth, at most `rows` a column. */
export function neighbourhood(
  steps: readonly PageStep[],
  waiting: readonly (readonly number[])[],
  centre: number,
  depth: number,
  rows: number,
): GraphLayout {
  const before = ring(centre, depth, (i) => steps[i]?.waitsFor.map((wait) => wait.step) ?? []);
  const after = ring(centre, depth, (i) => waiting[i] ?? []);
  const columns = [
    ...before
      .map((found, i) => column(i === 0 ? 'waits for' : `${i + 1} steps before`, found, rows))
      .reverse(),
    { title: 'this step', steps: [centre], more: 0 },
    ...after.map((found, i) => column(i === 0 ? 'waits for this step' : `${i + 1} steps after`, found, rows)),
  ];
  return {
    columns,
    edges: edgesAmong(
      steps,
      columns.flatMap((c) => c.steps),
    ),
  };
}

/** All steps, a column a wave; undefined where that cannot be read any more. */
export function byWaves(steps: readonly PageStep[]): GraphLayout | undefined {
  if (steps.length > mostDrawn.steps) return undefined;
  const waves = new Map<number, number[]>();
  for (const [i, step] of steps.entries()) {
    const list = waves.get(step.wave);
    if (list === undefined) waves.set(step.wave, [i]);
    else list.push(i);
  }
  const edges = edgesAmong(steps, [...steps.keys()]);
  if (edges.length > mostDrawn.edges) return undefined;
  const columns = [...waves].sort(([one], [other]) => one - other);
  return { columns: columns.map(([wave, list]) => ({ title: `wave ${wave}`, steps: list, more: 0 })), edges };
}

/** Steps at distance 1, 2, …; each stands where it is met first. */
function ring(centre: number, depth: number, next: (step: number) => readonly number[]): readonly number[][] {
  const seen = new Set([centre]);
  const rings: number[][] = [];
  let edge = [centre];
  while (rings.length < depth) {
    const found = new Set<number>();
    for (const i of edge) for (const other of next(i)) if (!seen.has(other)) found.add(other);
    if (found.size === 0) break;
    for (const other of found) seen.add(other);
    edge = [...found].sort((one, other) => one - other);
    rings.push(edge);
  }
  return rings;
}

function column(title: string, found: readonly number[], rows: number) {
  return { title, steps: found.slice(0, rows), more: Math.max(0, found.length - rows) };
}

function edgesAmong(steps: readonly PageStep[], drawn: readonly number[]): GraphLayout['edges'] {
  const shown = new Set(drawn);
  return drawn.flatMap((to) =>
    (steps[to]?.waitsFor ?? [])
      .filter((wait) => shown.has(wait.step))
      .map((wait) => ({ from: wait.step, to, until: wait.until })),
  );
}
