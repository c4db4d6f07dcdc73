import type { Aggregate } from './aggregate.ts';
import type { Cloud } from './cloud.ts';
import type { Host } from './host.ts';
import type { HostId, ServerId } from './ids.ts';
import type { Server } from './server.ts';
import { isGlob, matchesGlob } from '../shared/glob.ts';
import type { HostCriteria, ServerCriteria, Values } from './selector.ts';

/** Things that selectors choose from, and by which words each may be named. */
export interface Choice<Thing, Criterion extends string> {
  readonly things: readonly Thing[];
  readonly criteria: readonly Criterion[];
  readonly words: Readonly<Record<Criterion, (thing: Thing) => readonly string[]>>;
  /** Things that one word names, without `*` and `?`. */
  readonly find: (criterion: Criterion, word: string) => readonly Thing[];
  /** Words that name something of the cloud which no thing has today, such as a flavor without servers. */
  readonly others: Readonly<Partial<Record<Criterion, readonly string[]>>>;
}

export type ServerChoice = Choice<Server, keyof ServerCriteria>;
export type HostChoice = Choice<Host, keyof HostCriteria>;

const pairs = (record: Readonly<Record<string, string>>): readonly string[] =>
  Object.entries(record).map(([key, value]) => `${key}=${value}`);
const known = (...words: readonly (string | undefined)[]): readonly string[] =>
  words.filter((word) => word !== undefined);

/** The servers of a cloud. */
export function serverChoice(cloud: Cloud): ServerChoice {
  const groups = [...cloud.groups.values()];
  const groupsOf = new Map<ServerId, string[]>();
  for (const { id, name, members } of groups)
    for (const member of members) groupsOf.set(member, [...(groupsOf.get(member) ?? []), id, name]);
  const things = [...cloud.servers.values()];
  const words: ServerChoice['words'] = {
    name: ({ name }) => [name],
    id: ({ id }) => [id],
    tag: ({ tags = [] }) => tags,
    project: ({ projectId }) => known(projectId),
    flavor: ({ flavor }) => [flavor.name],
    group: ({ id }) => groupsOf.get(id) ?? [],
    metadata: ({ metadata = {} }) => pairs(metadata),
  };
  return {
    things,
    criteria: ['name', 'id', 'tag', 'project', 'flavor', 'group', 'metadata'],
    words,
    find: finder(things, words),
    others: { flavor: [...cloud.flavors.keys()], group: groups.flatMap(({ id, name }) => [id, name]) },
  };
}

/** The hosts of a cloud. */
export function hostChoice(cloud: Cloud): HostChoice {
  const aggregates = [...cloud.aggregates.values()];
  const byHost = new Map<HostId, Aggregate[]>();
  for (const aggregate of aggregates)
    for (const host of aggregate.hosts) byHost.set(host, [...(byHost.get(host) ?? []), aggregate]);
  const aggregatesOf = ({ id }: Host): readonly Aggregate[] => byHost.get(id) ?? [];
  const things = [...cloud.hosts.values()];
  const words: HostChoice['words'] = {
    name: ({ id, nodeName }) => [id, nodeName],
    id: ({ nodeId }) => known(nodeId),
    aggregate: (host) => aggregatesOf(host).flatMap(({ id, name }) => [id, name]),
    zone: ({ availabilityZone }) => known(availabilityZone),
    rack: ({ rack }) => known(rack),
    metadata: (host) => aggregatesOf(host).flatMap(({ metadata }) => pairs(metadata)),
  };
  return {
    things,
    criteria: ['name', 'id', 'aggregate', 'zone', 'rack', 'metadata'],
    words,
    find: finder(things, words),
    others: { aggregate: aggregates.flatMap(({ id, name }) => [id, name]) },
  };
}

export const valuesOf = (values: Values): readonly string[] =>
  typeof values === 'string' ? [values] : values;

/** Things of which a criterion holds for one of its values. */
export function having<Thing, Criterion extends string>(
  { things, words, find }: Choice<Thing, Criterion>,
  criterion: Criterion,
  values: Values,
): readonly Thing[] {
  const patterns = valuesOf(values);
  const wordsOf = words[criterion];
  const [word] = patterns;
  if (word !== undefined && patterns.length === 1 && !isGlob(word)) return find(criterion, word);
  return things.filter((thing) =>
    wordsOf(thing).some((given) => patterns.some((pattern) => matchesGlob(pattern, given))),
  );
}

/** Looks things up by a word that is spelled out; each criterion is indexed once: goals ask for thousands of sets. */
function finder<Thing, Criterion extends string>(
  things: readonly Thing[],
  words: Choice<Thing, Criterion>['words'],
): Choice<Thing, Criterion>['find'] {
  const byCriterion = new Map<Criterion, Map<string, Thing[]>>();
  return (criterion, word) => {
    let index = byCriterion.get(criterion);
    if (index === undefined) {
      index = new Map<string, Thing[]>();
      for (const thing of things)
        for (const each of words[criterion](thing)) {
          const same = index.get(each);
          if (same === undefined) index.set(each, [thing]);
          else same.push(thing);
        }
      byCriterion.set(criterion, index);
    }
    return index.get(word) ?? [];
  };
}

export type Selector<Criterion extends string> = Readonly<Partial<Record<Criterion, Values>>> & {
  readonly all?: readonly Selector<Criterion>[];
  readonly any?: readonly Selector<Criterion>[];
  readonly not?: Selector<Criterion>;
};

/** The criteria of a selector itself, without those of selectors inside. */
export const criteriaOf = <Criterion extends string>(
  selector: Selector<Criterion>,
  { criteria }: Pick<Choice<never, Criterion>, 'criteria'>,
): readonly (readonly [Criterion, Values])[] =>
  criteria.flatMap((criterion) => {
    const values: Values | undefined = selector[criterion];
    return values === undefined ? [] : [[criterion, values] as const];
  });

/** The things that a selector names, in the order of the cloud. */
export function select<Thing, Criterion extends string>(
  selector: Selector<Criterion>,
  choice: Choice<Thing, Criterion>,
): readonly Thing[] {
  const criteria = criteriaOf(selector, choice);
  const [only] = criteria;
  if (only !== undefined && Object.keys(selector).length === 1) return having(choice, ...only);
  const conditions: ReadonlySet<Thing>[] = [];
  for (const [criterion, values] of criteria) conditions.push(new Set(having(choice, criterion, values)));
  for (const inner of selector.all ?? []) conditions.push(new Set(select(inner, choice)));
  if (selector.any !== undefined)
    conditions.push(new Set(selector.any.flatMap((inner) => select(inner, choice))));
  const kept = choice.things.filter((thing) => conditions.every((set) => set.has(thing)));
  if (selector.not === undefined) return kept;
  const out = new Set(select(selector.not, choice));
  return kept.filter((thing) => !out.has(thing));
}
