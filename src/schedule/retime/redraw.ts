import type { HostId } from '../../model/ids.ts';
import { confirmSeconds } from '../../replay/transfer/transfer.ts';
import { createDependencies, type Need } from '../dependencies.ts';
import { createEventQueue } from '../event-queue.ts';
import { firstDifference } from '../first-difference.ts';
import { freesInWords } from '../frees.ts';
import type { OrderedStep } from '../ordered.ts';
import { needOf } from '../holdings.ts';
import { createPools, type Pools } from '../pool.ts';
import type { OrderRequest } from '../run.ts';
import type { HeldBy } from './timing-problem.ts';
import type { Waiting, WaitReason } from './waits.ts';

/**
 * The steps of a timetable, in the order of their requests and with new ids. Each waits for what legality asks of it,
 * and for those that held its slots and its part of each link before: with these waits no execution takes more than
 * there is, however long steps take.
 */
export function redraw(
  request: OrderRequest,
  waits: readonly Waiting[],
  starts: ReadonlyMap<string, number>,
  heldBy: HeldBy,
): readonly OrderedStep[] {
  const drawing = createDrawing(request, waits, starts, heldBy);
  for (const entry of inOrder(waits, starts)) {
    endUntil(drawing, entry.start);
    if (entry.kind === 'confirm') drawConfirm(drawing, entry);
    else drawMigration(drawing, entry);
  }
  return drawing.steps;
}

interface Entry {
  readonly kind: 'migrate' | 'confirm';
  readonly waiting: Waiting;
  readonly start: number;
  readonly index: number;
}

interface Drawing {
  readonly request: OrderRequest;
  /** Ids in the plan by ids in the order. */
  readonly ids: ReadonlyMap<string, string>;
  readonly byFreeing: ReadonlyMap<string, Waiting>;
  readonly heldBy: HeldBy;
  readonly pools: Pools;
  readonly dependencies: ReturnType<typeof createDependencies>;
  readonly ends: ReturnType<typeof createEventQueue<() => void>>;
  readonly steps: OrderedStep[];
}

/** By start; at one instant confirms first, and then as the order had them. */
function inOrder(waits: readonly Waiting[], starts: ReadonlyMap<string, number>): readonly Entry[] {
  return waits
    .flatMap((waiting, index): readonly Entry[] => {
      const entry = (kind: Entry['kind'], id: string): Entry => {
        return { kind, waiting, start: starts.get(id) ?? 0, index };
      };
      const migration = entry('migrate', waiting.step.id);
      return waiting.freedBy === waiting.step.id
        ? [migration]
        : [migration, entry('confirm', waiting.freedBy)];
    })
    .sort((a, b) => firstDifference(a.start - b.start, turn(a) - turn(b), a.index - b.index));
}

const turn = ({ kind }: Entry): number => (kind === 'confirm' ? 0 : 1);

function createDrawing(
  request: OrderRequest,
  waits: readonly Waiting[],
  starts: ReadonlyMap<string, number>,
  heldBy: HeldBy,
): Drawing {
  const migrations = inOrder(waits, starts).filter(({ kind }) => kind === 'migrate');
  const ids = migrations.flatMap(({ waiting: { step, freedBy } }, index) => [
    [step.id, `m${index + 1}`] as const,
    ...(freedBy === step.id ? [] : [[freedBy, `c${index + 1}`] as const]),
  ]);
  return {
    request,
    ids: new Map(ids),
    byFreeing: new Map(waits.map((waiting) => [waiting.freedBy, waiting])),
    heldBy,
    pools: createPools(),
    dependencies: createDependencies(),
    ends: createEventQueue(),
    steps: [],
  };
}

/** Gives back what ended by then. */
function endUntil({ ends }: Drawing, time: number): void {
  for (let next = ends.nextTime(); next !== undefined && next <= time; next = ends.nextTime())
    for (const end of ends.takeNext()) end();
}

function drawMigration(drawing: Drawing, { waiting, start }: Entry): void {
  const { dependencies, heldBy, pools, ends, steps } = drawing;
  const { step, requested } = waiting;
  const id = idOf(drawing, step.id);
  const held = heldBy(step);
  const { dependsOn, wave, ended } = dependencies.draw(id, [
    ...legalityNeeds(drawing, waiting),
    ...held.map((one) => needOf(one, pools)),
  ]);
  const endSeconds = start + step.seconds.expected;
  ends.add(endSeconds, () => {
    for (const one of held) pools(one).giveBack(one.amount, id);
  });
  steps.push({
    ...step,
    id,
    requestAfter: requested.map((one) => idOf(drawing, one)).filter((one) => !ended.has(one)),
    dependsOn,
    wave,
    startSeconds: start,
    endSeconds,
  });
}

function drawConfirm(drawing: Drawing, { waiting: { step, freedBy }, start }: Entry): void {
  const id = idOf(drawing, freedBy);
  const of = idOf(drawing, step.id);
  const { dependsOn, wave } = drawing.dependencies.draw(id, [
    { key: `cold ${of}`, reason: () => 'confirms it once it has finished', take: () => [of] },
  ]);
  drawing.steps.push({
    kind: 'confirm',
    id,
    server: step.arrival.server.id,
    of,
    dependsOn,
    wave,
    startSeconds: start,
    endSeconds: start + confirmSeconds,
  });
}

/** What legality makes it wait for, the most telling reason first. */
function legalityNeeds(drawing: Drawing, { step, ended }: Waiting): readonly Need[] {
  return [...ended].map(([freedBy, why]) => ({
    key: `${why.kind} ${freedBy}`,
    reason: () => inWords(drawing, why, freedBy, step.arrival.to),
    take: () => [idOf(drawing, freedBy)],
  }));
}

function inWords(drawing: Drawing, why: WaitReason, freedBy: string, to: HostId): string {
  switch (why.kind) {
    case 'server':
      return 'the server is on its way until then';
    case 'room':
      return leavesInWords(drawing, freedBy, to);
    case 'set':
      return `members of ${why.set} move one after the other`;
  }
}

function leavesInWords({ request, byFreeing }: Drawing, freedBy: string, host: HostId): string {
  const server = byFreeing.get(freedBy)?.step.arrival.server;
  if (server === undefined) return `leaves ${host}`;
  return freesInWords(server, request.context.demands.get(server.id), host);
}

const idOf = ({ ids }: Drawing, id: string): string => ids.get(id) ?? id;
