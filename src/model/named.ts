import type { Cloud } from './cloud.ts';
import type { HostId, ServerId } from './ids.ts';
import { having, type HostChoice, hostChoice, type ServerChoice, serverChoice } from './select.ts';

/** What an option that names servers or hosts in one word may speak of. */
export const selectorKinds = [
  'server',
  'host',
  'project',
  'tag',
  'aggregate',
  'flavor',
  'group',
  'metadata',
  'zone',
  'rack',
] as const;

/** `server:…`, `host:…`, `tag:…` and so on, parsed. Names or ids; `*` and `?` as in rules. */
export interface Selector {
  readonly kind: (typeof selectorKinds)[number];
  readonly value: string;
}

/** `kind:value` as it is written; the value may hold colons. Undefined where it names nothing. */
export function selectorOf(text: string): Selector | undefined {
  const colon = text.indexOf(':');
  const kind = selectorKinds.find((known) => known === text.slice(0, Math.max(0, colon)));
  const value = text.slice(colon + 1);
  return kind === undefined || value === '' ? undefined : { kind, value };
}

interface Choices {
  readonly servers: ServerChoice;
  readonly hosts: HostChoice;
}

/** Made when the first selector asks. */
export function choicesOf(cloud: Cloud): Choices {
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
export function hostsOf({ kind, value }: Selector, { hosts }: Choices): readonly HostId[] {
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
export function serversOf(selector: Selector, choices: Choices): readonly ServerId[] {
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
