import type { Reassignment } from './model.ts';

export interface ReassignmentVerdict {
  readonly cost: number;
  readonly parts: Readonly<
    Record<'load' | 'balance' | 'processMove' | 'serviceMove' | 'machineMove', number>
  >;
  /** Every hard constraint that is broken, in words. */
  readonly broken: readonly string[];
}

/** What an assignment costs and breaks, by the formulas of the contest's problem statement. */
export function judgeReassignment(
  model: Reassignment,
  initial: readonly number[],
  assignment: readonly number[],
): ReassignmentVerdict {
  const { machines, processes, resources } = model;
  const unknown = assignment.findIndex((m) => machines[m] === undefined);
  if (assignment.length !== processes.length || unknown >= 0)
    return {
      cost: Infinity,
      parts: { load: 0, balance: 0, processMove: 0, serviceMove: 0, machineMove: 0 },
      broken: [
        `${assignment.length} numbers for ${processes.length} processes, or no machine of that number`,
      ],
    };
  const usage = machines.map(() => resources.map(() => 0));
  const transient = machines.map(() => resources.map(() => 0));
  for (const [p, { requirement }] of processes.entries())
    for (const [r, amount] of requirement.entries()) {
      add(usage, assignment[p], r, amount);
      add(transient, assignment[p], r, amount);
      if (initial[p] !== assignment[p]) add(transient, initial[p], r, amount);
    }
  const parts = {
    load: loadCost(model, usage),
    balance: balanceCost(model, usage),
    ...moveCosts(model, initial, assignment),
  };
  return {
    cost: Object.values(parts).reduce((sum, part) => sum + part, 0),
    parts,
    broken: [...brokenCapacities(model, usage, transient), ...brokenServices(model, assignment)],
  };
}

function add(table: readonly number[][], m: number | undefined, r: number, amount: number): void {
  const row = table[m ?? -1];
  if (row !== undefined) row[r] = (row[r] ?? 0) + amount;
}

function loadCost({ machines, resources }: Reassignment, usage: readonly (readonly number[])[]): number {
  let cost = 0;
  for (const [m, { safety }] of machines.entries())
    for (const [r, { loadWeight }] of resources.entries())
      cost += loadWeight * Math.max(0, (usage[m]?.[r] ?? 0) - (safety[r] ?? 0));
  return cost;
}

function balanceCost({ machines, balances }: Reassignment, usage: readonly (readonly number[])[]): number {
  let cost = 0;
  for (const { first, second, target, weight } of balances)
    for (const [m, { capacity }] of machines.entries()) {
      const available = (r: number): number => (capacity[r] ?? 0) - (usage[m]?.[r] ?? 0);
      cost += weight * Math.max(0, target * available(first) - available(second));
    }
  return cost;
}

function moveCosts(model: Reassignment, initial: readonly number[], assignment: readonly number[]) {
  const movedOf = model.services.map(() => 0);
  let processMove = 0;
  let machineMove = 0;
  for (const [p, { service, moveCost }] of model.processes.entries()) {
    const from = initial[p] ?? -1;
    const to = assignment[p] ?? -1;
    if (from === to) continue;
    processMove += moveCost;
    machineMove += model.machines[from]?.moveCost[to] ?? 0;
    movedOf[service] = (movedOf[service] ?? 0) + 1;
  }
  const mostMoved = movedOf.reduce((most, moved) => Math.max(most, moved), 0);
  return {
    processMove: model.processMoveWeight * processMove,
    serviceMove: model.serviceMoveWeight * mostMoved,
    machineMove: model.machineMoveWeight * machineMove,
  };
}

function brokenCapacities(
  { machines, resources }: Reassignment,
  usage: readonly (readonly number[])[],
  transient: readonly (readonly number[])[],
): string[] {
  return machines.flatMap(({ capacity }, m) =>
    resources.flatMap((resource, r) => {
      const used = (resource.transient ? transient : usage)[m]?.[r] ?? 0;
      return used <= (capacity[r] ?? 0)
        ? []
        : [`machine ${m} would hold ${used} of resource ${r}, capacity ${capacity[r] ?? 0}`];
    }),
  );
}

function brokenServices({ services, processes, machines }: Reassignment, assignment: readonly number[]) {
  const broken: string[] = [];
  const on = services.map(() => new Set<number>());
  const locations = services.map(() => new Set<number>());
  const neighbourhoods = services.map(() => new Set<number>());
  for (const [p, { service }] of processes.entries()) {
    const m = assignment[p] ?? -1;
    if (on[service]?.has(m) === true) broken.push(`two processes of service ${service} on machine ${m}`);
    on[service]?.add(m);
    locations[service]?.add(machines[m]?.location ?? -1);
    neighbourhoods[service]?.add(machines[m]?.neighbourhood ?? -1);
  }
  for (const [s, { spreadMin, dependsOn }] of services.entries()) {
    const spread = locations[s]?.size ?? 0;
    if (spread < spreadMin) broken.push(`service ${s} in ${spread} locations, at least ${spreadMin} wanted`);
    for (const other of dependsOn)
      for (const place of neighbourhoods[s] ?? [])
        if (neighbourhoods[other]?.has(place) !== true)
          broken.push(`service ${s} in neighbourhood ${place} without service ${other}`);
  }
  return broken;
}
