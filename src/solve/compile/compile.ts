import { compileClasses } from './classes.ts';
import { compileDomains } from './compile-domains.ts';
import { compileHoldings } from './compile-holdings.ts';
import { compileLoads, compileObjective, migrationCosts } from './compile-objective.ts';
import { compileSpareRoom } from './compile-spare-room.ts';
import { compileTogethers } from './compile-togethers.ts';
import { compileSlots } from './compile-slots.ts';
import type { CompiledNoGood, CompiledProblem, Holding } from './compiled.ts';
import { goalFacts } from './goal-facts.ts';
import { flags, type Indexed, indexProblem } from './indexed.ts';
import type { PlacementProblem } from '../placement-problem.ts';

/** Turns a placement problem into arrays. */
export function compileProblem(problem: PlacementProblem): CompiledProblem {
  const indexed = indexProblem(problem);
  const { hosts, servers, start, fixed, covered } = indexed;
  const facts = goalFacts(indexed);
  const loads = compileLoads(indexed, facts);
  const objective = compileObjective(indexed, facts, loads);
  const slots = compileSlots(indexed);
  const { holdingOf, holdings } = compileHoldings(indexed, slots, loads);
  const usedToday = usageOf(holdingOf, holdings, slots.limit.length);
  const { domains, domainsOf } = compileDomains(indexed);
  const { togethers, togethersOf } = compileTogethers(indexed);
  const noGoods = compileNoGoods(indexed);
  const { classes, classOf } = compileClasses(
    indexed,
    slots,
    loads,
    { domainsOf, togethersOf },
    noGoods,
    objective,
  );
  const volumes = servers.map((server) => problem.volumeOf(server));
  const gib = Float64Array.from(volumes, (volume) => volume.memoryMiB / 1024 + volume.diskGiB);
  return {
    today: problem.start,
    hosts,
    arrivable: indexed.arrivable,
    servers,
    start,
    fixed,
    mustEmpty: flags(
      hosts.length,
      problem.mustEmpty.map((host) => indexed.hostIndex.get(host)),
    ),
    cost: migrationCosts(indexed, facts),
    gib,
    maxMoves: problem.maxMoves ?? Infinity,
    maxGiB: problem.maxGiB ?? Infinity,
    limit: slots.limit.map((value, slot) => Math.max(value, usedToday[slot] ?? 0)),
    usedToday,
    capacityCount: indexed.capacities.length,
    cellFits: slots.cellFits,
    holdingOf,
    holdings,
    classOf,
    classes,
    domains,
    domainsOf,
    togethers,
    togethersOf,
    covered,
    hasTwin: covered.some((flag, server) => flag === 1 && fixed[server] === 0),
    noGoods,
    objective,
    ...spareRoomOf(indexed),
  };
}

/** What the loss of hosts asks for; of two such primitives the first counts. */
function spareRoomOf(indexed: Indexed): Pick<CompiledProblem, 'spareRoom'> {
  const [primitive] = indexed.spareRooms;
  return primitive === undefined ? {} : { spareRoom: compileSpareRoom(indexed, primitive, compileProblem) };
}

function usageOf(holdingOf: Int32Array, holdings: readonly Holding[], slots: number): Float64Array {
  const used = new Float64Array(slots);
  for (const index of holdingOf) {
    const holding = holdings[index];
    holding?.slots.forEach((slot, i) => {
      used[slot] = (used[slot] ?? 0) + (holding.amounts[i] ?? 0);
    });
  }
  return used;
}

/** No-goods among servers and hosts that take part. */
function compileNoGoods(indexed: Indexed): CompiledNoGood[] {
  return indexed.problem.noGoods
    .map((noGood) => ({
      host: indexed.hostIndex.get(noGood.host) ?? -1,
      servers: noGood.servers.map((server) => indexed.serverIndex.get(server) ?? -1),
      proven: noGood.proven,
    }))
    .filter((noGood) => noGood.host >= 0 && !noGood.servers.includes(-1));
}
