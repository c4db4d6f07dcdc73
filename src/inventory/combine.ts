import type { HostId, ServerId } from '../model/ids.ts';
import type { CloudConfig } from '../model/nova-config.ts';
import type { ServerGroup } from '../model/server-group.ts';
import { compareText } from '../shared/collections.ts';
import { settleDomains } from './combine/domains.ts';
import { withHostNames } from './combine/host-names.ts';
import { allTold, firstList, type Told, withLimits } from './combine/lists.ts';
import { mergeMigrations } from './combine/migrations.ts';
import type { Contradiction, Gap } from './document/cloud-records.ts';
import type { AllocationFacts, Facts, HostFacts, MigrationFacts, ServerFacts, Source } from './facts.ts';
import { type BySource, type Merged, mergeFields } from './merge.ts';
import {
  hostPrecedence,
  hostRolls,
  hostWitnesses,
  listPrecedence,
  serverPrecedence,
  serverRolls,
  serverWitnesses,
} from './precedence.ts';

/** All facts of one cloud, every field settled. Hosts and servers in ascending order of their ids. */
export interface CombinedFacts {
  readonly hosts: ReadonlyMap<HostId, Merged<HostFacts>>;
  readonly servers: ReadonlyMap<ServerId, Merged<ServerFacts>>;
  readonly migrations: Told<readonly MigrationFacts[]> | undefined;
  readonly aggregates: Told<NonNullable<Facts['aggregates']>> | undefined;
  readonly groups: Told<readonly ServerGroup[]> | undefined;
  readonly flavors: Told<NonNullable<Facts['flavors']>> | undefined;
  readonly images: Told<NonNullable<Facts['images']>> | undefined;
  readonly volumes: Told<NonNullable<Facts['volumes']>> | undefined;
  readonly providers: Told<NonNullable<Facts['providers']>> | undefined;
  readonly allocations: Told<AllocationFacts> | undefined;
  readonly storagePools: Told<NonNullable<Facts['storagePools']>> | undefined;
  readonly projects: Told<ReadonlyMap<string, string>> | undefined;
  readonly maxMicroversion: Told<string> | undefined;
  /** Settings of the controllers' nova.conf. */
  readonly novaConfig: Partial<CloudConfig>;
  /** The latest instant that a record names. */
  readonly seenAt: string | undefined;
  readonly contradictions: Contradiction[];
  readonly gaps: Gap[];
}

/** Puts what all readers told together: `precedence.ts` says whom to follow, and disagreement is written down. */
export function combineFacts(told: readonly Facts[]): CombinedFacts {
  const contradictions: Contradiction[] = [];
  const named = withHostNames(told);
  const settled = settleDomains(named.facts);
  const all = settled.facts;
  const gaps = [...all.flatMap((facts) => facts.gaps ?? []), ...named.gaps, ...settled.gaps];
  const servers = mergeServers(all, contradictions);
  const first = <Value>(sources: readonly Source[], valueOf: (facts: Facts) => Value | undefined) =>
    allTold(all, sources, valueOf)[0];
  return {
    hosts: withUnlisted(mergeHosts(all, contradictions), servers, gaps),
    servers,
    migrations: mergeMigrations(all, contradictions),
    ...combineLists(all, servers, contradictions),
    flavors: first(listPrecedence.flavors, (facts) => facts.flavors),
    images: first(listPrecedence.images, (facts) => facts.images),
    volumes: first(listPrecedence.volumes, (facts) => facts.volumes),
    providers: first(listPrecedence.providers, (facts) => facts.providers),
    allocations: first(listPrecedence.allocations, (facts) => facts.allocations),
    storagePools: first(listPrecedence.storagePools, (facts) => facts.storagePools),
    projects: first(listPrecedence.projects, (facts) => facts.projects),
    maxMicroversion: first(listPrecedence.maxMicroversion, (facts) => facts.maxMicroversion),
    novaConfig: all.find((facts) => facts.novaConfig !== undefined)?.novaConfig ?? {},
    seenAt: all
      .flatMap((facts) => facts.seenAt ?? [])
      .sort(compareText)
      .at(-1),
    contradictions,
    gaps,
  };
}

function combineLists(
  all: readonly Facts[],
  servers: ReadonlyMap<string, unknown>,
  contradictions: Contradiction[],
): Pick<CombinedFacts, 'aggregates' | 'groups'> {
  const aggregates = allTold(all, listPrecedence.aggregates, (facts) => facts.aggregates);
  const groups = allTold(all, listPrecedence.groups, (facts) => facts.groups);
  return {
    aggregates: firstList(
      'aggregate',
      aggregates,
      ({ hosts, metadata, name }) => ({ name, metadata, hosts: hosts.toSorted(compareText) }),
      contradictions,
    ),
    groups: withLimits(
      firstList(
        'server group',
        groups,
        // the database remembers members that are deleted
        ({ members, policy }) => ({
          policy,
          members: members.filter((id) => servers.has(id)).sort(compareText),
        }),
        contradictions,
      ),
      groups,
    ),
  };
}

type Hosts = ReadonlyMap<HostId, Merged<HostFacts>>;
type Servers = ReadonlyMap<ServerId, Merged<ServerFacts>>;

const mergeHosts = (all: readonly Facts[], contradictions: Contradiction[]): Hosts =>
  new Map(
    onRolls(
      bySubject(all, (facts) => facts.hosts),
      rollsOf(all, hostRolls, hostWitnesses, (facts) => facts.hosts),
    ).map(([id, given]) => [
      id,
      mergeFields<HostFacts>(`host ${id}`, given, hostPrecedence, {}, contradictions),
    ]),
  );

function mergeServers(all: readonly Facts[], contradictions: Contradiction[]): Servers {
  const rolls = serverRolls.filter((source) => all.some((facts) => facts.source === source));
  const subjects = bySubject(all, (facts) => facts.servers);
  const dumped = dumpedHosts(all);
  return new Map(
    onRolls(
      subjects,
      rollsOf(all, serverRolls, serverWitnesses, (facts) => facts.servers),
    ).map(([id, given]) => {
      reportMissing(id, given, rolls, dumped, contradictions);
      return [id, mergeFields<ServerFacts>(`server ${id}`, given, serverPrecedence, {}, contradictions)];
    }),
  );
}

/** The hosts of the Nova cells whose databases were read; empty where no table of hosts was. */
const dumpedHosts = (all: readonly Facts[]): ReadonlySet<HostId> =>
  new Set(
    all.flatMap(({ hosts, source }) => (source === 'db:compute_nodes' ? [...(hosts?.keys() ?? [])] : [])),
  );

/** A host that only its servers name, its service deleted perhaps: nothing is known of it, and it is there. */
function withUnlisted(hosts: Hosts, servers: Servers, gaps: Gap[]): Hosts {
  const unlisted = new Set<HostId>();
  for (const { facts } of servers.values()) {
    const on = facts.location?.on;
    if (on !== undefined && !hosts.has(on)) unlisted.add(on);
  }
  if (unlisted.size === 0) return hosts;
  for (const id of [...unlisted].sort(compareText)) {
    gaps.push({
      code: 'nova.unlisted-host',
      summary: `host ${id} runs servers, and no list of services, hypervisors or compute nodes has it`,
      hint: 'was its service deleted while servers were on it? nothing will be moved to it',
    });
  }
  const nothing = (id: HostId): [HostId, Merged<HostFacts>] => [id, { facts: {}, sources: new Map() }];
  return new Map([...hosts, ...[...unlisted].map(nothing)].sort(([a], [b]) => compareText(a, b)));
}

function bySubject<Id extends string, Subject extends object>(
  all: readonly Facts[],
  subjectsOf: (facts: Facts) => ReadonlyMap<Id, Subject> | undefined,
): ReadonlyMap<Id, BySource<Subject>> {
  const subjects = new Map<Id, Map<Source, Subject>>();
  for (const facts of all) {
    for (const [id, subject] of subjectsOf(facts) ?? []) {
      const given = subjects.get(id) ?? new Map<Source, Subject>();
      subjects.set(id, given);
      given.set(facts.source, { ...given.get(facts.source), ...subject });
    }
  }
  return subjects;
}

/** The lists that were read; where none was, who else names hosts or servers. */
function rollsOf(
  all: readonly Facts[],
  rolls: readonly Source[],
  witnesses: readonly Source[],
  subjectsOf: (facts: Facts) => ReadonlyMap<string, unknown> | undefined,
): readonly Source[] {
  const read = (source: Source): boolean =>
    all.some((facts) => facts.source === source && (subjectsOf(facts)?.size ?? 0) > 0);
  return rolls.some(read) ? rolls : witnesses;
}

/** A row about a host or server that no roll lists is left over from one that is gone. */
const onRolls = <Id extends string, Subject>(
  subjects: ReadonlyMap<Id, BySource<Subject>>,
  rolls: readonly Source[],
): [Id, BySource<Subject>][] =>
  [...subjects]
    .filter(([, given]) => rolls.some((source) => given.has(source)))
    .sort(([a], [b]) => compareText(a, b));

function reportMissing(
  id: ServerId,
  given: BySource<ServerFacts>,
  all: readonly Source[],
  dumped: ReadonlySet<HostId>,
  contradictions: Contradiction[],
): void {
  const hosts = all.flatMap((source) => given.get(source)?.location?.on ?? []);
  // the database of its cell was not read: that it is on no list of others says nothing
  const elsewhere = dumped.size > 0 && !hosts.some((host) => dumped.has(host));
  const rolls = elsewhere ? all.filter((source) => source !== 'db:instances' || given.has(source)) : all;
  const [taken] = rolls.filter((source) => given.has(source));
  // a server on no host may stand in the table of cell0, which a dump often leaves out
  if (taken === undefined || hosts.length === 0 || rolls.every((source) => given.has(source))) return;
  contradictions.push({
    subject: `server ${id}`,
    field: 'exists',
    values: rolls.map((source) => ({ source, value: given.has(source) ? 'listed' : 'not listed' })),
    taken,
  });
}
