import { having, type HostChoice, hostChoice, type ServerChoice, serverChoice } from '../model/select.ts';
import type { Selection } from '../constraints/rules/selection.ts';
import type { Cloud } from '../model/cloud.ts';
import type { HostId, ServerId } from '../model/ids.ts';
import type { PlanningOptions, Selector } from './planning-request.ts';

/**
 * Who takes part in a run. An excluded host neither gives nor receives; excluded servers stay; with `--only`, all
 * others stay. Hosts to be drained receive nothing.
 */
export function select(
  cloud: Cloud,
  options: Pick<PlanningOptions, 'exclude' | 'only' | 'drain'>,
): Selection {
  const choices = choicesOf(cloud);
  const staying = new Map<ServerId, string>();
  const closed = new Map<HostId, string>();
  for (const selector of options.exclude) {
    const words = `excluded by ${selector.kind}:${selector.value}`;
    for (const host of hostsOf(selector, choices)) closed.set(host, words);
    for (const server of serversOf(selector, choices)) if (!staying.has(server)) staying.set(server, words);
  }
  if (options.only.length > 0) {
    const moving = new Set(options.only.flatMap((selector) => serversOf(selector, choices)));
    for (const server of cloud.servers.keys())
      if (!moving.has(server) && !staying.has(server)) staying.set(server, 'not among what --only names');
  }
  for (const host of options.drain) closed.set(host, 'is being drained');
  return { staying, closed };
}

interface Choices {
  readonly servers: ServerChoice;
  readonly hosts: HostChoice;
}

/** Made when the first selector asks. */
function choicesOf(cloud: Cloud): Choices {
  let servers: ServerChoice | undefined;
  let hosts: HostChoice | undefined;
  return {
    get servers() {
      return (servers ??= serverChoice(cloud));
    },
    get hosts() {
      return (hosts ??= hostChoice(cloud));
    },
  };
}

/** Whether a selector names anything of a cloud. */
export function namesSomething(selector: Selector, cloud: Cloud): boolean {
  const choices = choicesOf(cloud);
  return hostsOf(selector, choices).length > 0 || serversOf(selector, choices).length > 0;
}

/** Hosts that a selector of hosts names; none where it is one of servers. */
function hostsOf({ kind, value }: Selector, { hosts }: Choices): readonly HostId[] {
  const named = (criterion: 'name' | 'aggregate' | 'zone' | 'rack'): readonly HostId[] =>
    having(hosts, criterion, value).map(({ id }) => id);
  switch (kind) {
    case 'host':
      return named('name');
    case 'aggregate':
    case 'zone':
    case 'rack':
      return named(kind);
    case 'server':
    case 'project':
    case 'tag':
    case 'flavor':
    case 'group':
    case 'metadata':
      return [];
  }
}

/** Servers that a selector names: of hosts, those that run there. */
function serversOf(selector: Selector, choices: Choices): readonly ServerId[] {
  const { kind, value } = selector;
  const named = (criterion: keyof ServerChoice['words']): readonly ServerId[] =>
    having(choices.servers, criterion, value).map(({ id }) => id);
  switch (kind) {
    case 'server':
      return [...named('id'), ...named('name')];
    case 'project':
    case 'tag':
    case 'flavor':
    case 'group':
    case 'metadata':
      return named(kind);
    case 'host':
    case 'aggregate':
    case 'zone':
    case 'rack': {
      const hosts = new Set<HostId | undefined>(hostsOf(selector, choices));
      return choices.servers.things
        .filter(({ host }) => host !== undefined && hosts.has(host))
        .map(({ id }) => id);
    }
  }
}
