import type { Cloud } from '../../model/cloud.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import type { Diagnostic } from '../../shared/diagnostic.ts';
import { isGlob, matchesGlob } from '../../shared/glob.ts';
import { jsonPath } from '../../shared/json-path.ts';
import { nearMatches } from '../../shared/near-matches.ts';
import { showName } from '../../shared/text.ts';
import type { HostSelector, ServerSelector } from '../../model/selector.ts';
import type { OperatorRule, RulesDocument } from './document.ts';
import { domainsOf, type ResolvedRule } from './resolved.ts';
import {
  type Choice,
  criteriaOf,
  having,
  type HostChoice,
  hostChoice,
  select,
  type Selector,
  type ServerChoice,
  serverChoice,
  valuesOf,
} from '../../model/select.ts';

/** Rules as they apply to a cloud, and what in them looks like a mistake there. */
export interface Resolution {
  readonly rules: readonly ResolvedRule[];
  readonly problems: readonly Diagnostic[];
}

/**
 * Looks up what the selectors of a document name in a cloud. Every rule is resolved, whatever the problems: a plan is
 * checked against later clouds too, from which servers may be gone.
 */
export function resolveRules({ rules }: RulesDocument, cloud: Cloud, source?: string): Resolution {
  const problems: Diagnostic[] = [];
  const note: Note = (severity, path, summary, more = {}) => {
    const code = severity === 'error' ? 'rules.no-match' : 'rules.matches-nothing';
    problems.push({
      code,
      severity,
      summary,
      path: jsonPath(path),
      ...more,
      ...(source !== undefined && { source }),
    });
  };
  const choices: Choices = { servers: serverChoice(cloud), hosts: hostChoice(cloud), note };
  return { rules: rules.map((rule, index) => resolveRule(rule, index, cloud, choices)), problems };
}

type Path = readonly (string | number)[];
type Note = (severity: 'error' | 'warning', path: Path, summary: string, more?: Partial<Diagnostic>) => void;

interface Choices {
  readonly servers: ServerChoice;
  readonly hosts: HostChoice;
  readonly note: Note;
}

function resolveRule(rule: OperatorRule, index: number, cloud: Cloud, choices: Choices): ResolvedRule {
  const at: Path = ['rules', index];
  const servers =
    rule.servers === undefined
      ? [...cloud.servers.keys()]
      : serversOf(rule.servers, [...at, 'servers'], choices);
  const named = 'hosts' in rule ? rule.hosts : undefined;
  const needsHosts = rule.kind === 'fence';
  const hosts =
    named === undefined ? new Set(cloud.hosts.keys()) : hostsOf(named, [...at, 'hosts'], needsHosts, choices);
  return { index, rule, servers: servers.toSorted(), hosts, groups: groupsOf(rule, at, cloud, choices) };
}

function groupsOf(rule: OperatorRule, at: Path, cloud: Cloud, choices: Choices): ResolvedRule['groups'] {
  switch (rule.kind) {
    case 'among':
      return rule.groups.map((group, g) => hostsOf(group, [...at, 'groups', g], true, choices));
    case 'keep-apart':
      return domainsOf(rule.per ?? 'host', cloud);
    case 'near':
    case 'spread':
      return domainsOf(rule.per, cloud);
    case 'fence':
    case 'ban':
    case 'max-servers':
      return [];
  }
}

function serversOf(selector: ServerSelector, path: Path, { servers, note }: Choices): readonly ServerId[] {
  const isSound = checkCriteria(selector, path, servers, note, 'server');
  const found = select(selector, servers);
  if (found.length === 0 && isSound)
    note('warning', path, 'no server is all that this asks for: the rule says nothing today');
  return found.map(({ id }) => id);
}

function hostsOf(
  selector: HostSelector,
  path: Path,
  isNeeded: boolean,
  { hosts, note }: Choices,
): ReadonlySet<HostId> {
  const isSound = checkCriteria(selector, path, hosts, note, 'host');
  const found = select(selector, hosts);
  if (found.length === 0 && (isNeeded || isSound))
    note(
      isNeeded ? 'error' : 'warning',
      path,
      isNeeded ? 'names no host, so the servers could be nowhere' : 'no host is all that this asks for',
    );
  return new Set(found.map(({ id }) => id));
}

/** Notes each value that names nothing; false when there is one. */
function checkCriteria<Thing, Criterion extends string>(
  selector: Selector<Criterion>,
  path: Path,
  choice: Choice<Thing, Criterion>,
  note: Note,
  thing: 'server' | 'host',
): boolean {
  let isSound = true;
  for (const [criterion, values] of criteriaOf(selector, choice))
    for (const [i, value] of valuesOf(values).entries()) {
      if (having(choice, criterion, value).length > 0) continue;
      isSound = false;
      const at = typeof values === 'string' ? [...path, criterion] : [...path, criterion, i];
      noteUnmatched(choice, criterion, value, at, note, thing);
    }
  const inner: readonly (readonly [Path, Selector<Criterion>])[] = [
    ...(selector.all ?? []).map((item, i) => [[...path, 'all', i], item] as const),
    ...(selector.any ?? []).map((item, i) => [[...path, 'any', i], item] as const),
    ...(selector.not === undefined ? [] : [[[...path, 'not'], selector.not] as const]),
  ];
  // All are looked at, so that all problems are told.
  const innerSound = inner.map(([at, item]) => checkCriteria(item, at, choice, note, thing));
  return isSound && innerSound.every(Boolean);
}

/** A name that is spelled out and does not exist is a slip; a pattern, a tag or metadata may come to match later. */
function noteUnmatched<Thing, Criterion extends string>(
  { things, words, others }: Choice<Thing, Criterion>,
  criterion: Criterion,
  value: string,
  path: Path,
  note: Note,
  thing: string,
): void {
  const empty = others[criterion] ?? [];
  const isLoose = isGlob(value) || criterion === 'tag' || criterion === 'metadata';
  if (isLoose || empty.some((word) => matchesGlob(value, word))) {
    note('warning', path, `no ${thing} has this ${criterion} today`, { value });
    return;
  }
  const known = [...things.flatMap((item) => words[criterion](item)), ...empty];
  const near = nearMatches(value, known);
  note('error', path, `the inventory has no ${thing} of this ${criterion}`, {
    value,
    ...(near.length > 0 && { hint: `did you mean ${near.map((name) => showName(name)).join(' or ')}?` }),
  });
}
