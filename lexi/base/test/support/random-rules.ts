import fc from 'fast-check';
import type { OperatorRule, RulesDocument } from '../../src/constraints/operator/document.ts';
import type { Cloud } from '../../src/model/cloud.ts';

/** A rule of any kind over servers `s1` … and hosts `h1` …; which of them exist is up to the cloud. */
interface RuleShape {
  readonly kind: OperatorRule['kind'];
  readonly servers: readonly number[];
  readonly hosts: readonly number[];
  readonly others: readonly number[];
  readonly per: 'host' | 'rack' | 'zone';
  readonly count: number;
}

const kinds = ['fence', 'ban', 'among', 'keep-apart', 'spread', 'near', 'max-servers'] as const;

export const ruleShapes = (
  maxRules = 3,
  maxHosts = 4,
  maxServers = 12,
): fc.Arbitrary<readonly RuleShape[]> => {
  const hosts = fc.uniqueArray(fc.integer({ min: 1, max: maxHosts }), { minLength: 1, maxLength: maxHosts });
  return fc.array(
    fc.record({
      kind: fc.constantFrom(...kinds),
      servers: fc.uniqueArray(fc.integer({ min: 1, max: maxServers }), { minLength: 1, maxLength: 6 }),
      hosts,
      others: hosts,
      per: fc.constantFrom('host', 'rack', 'zone'),
      count: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 1, maxLength: maxRules },
  );
};

/** The document of these shapes. */
export const rulesOfShapes = (shapes: readonly RuleShape[]): RulesDocument => ({
  formatVersion: 1,
  kind: 'rules',
  rules: shapes.map((shape, index) => ruleOfShape(shape, `r${index + 1}`)),
});

function ruleOfShape(shape: RuleShape, name: string): OperatorRule {
  const { kind, per, count } = shape;
  const servers = { name: shape.servers.map((n) => `s${n}`) };
  const hosts = { name: shape.hosts.map((n) => `h${n}`) };
  switch (kind) {
    case 'fence':
    case 'ban':
      return { kind, name, servers, hosts };
    case 'among':
      return { kind, name, servers, groups: [hosts, { name: shape.others.map((n) => `h${n}`) }] };
    case 'keep-apart':
      return { kind, name, servers, per, atMost: Math.max(1, count) };
    case 'spread':
      return { kind, name, servers, per, atLeast: Math.max(2, count) };
    case 'near':
      return { kind, name, servers, per };
    case 'max-servers':
      return { kind, name, hosts, atMost: count, ...(count % 2 === 0 && { servers }) };
  }
}

/** The cloud with its hosts in two racks; of the last host none is known where `gaps`. */
export const inRacks = (cloud: Cloud, gaps = false): Cloud => ({
  ...cloud,
  hosts: new Map(
    [...cloud.hosts.values()].map((host, index) => [
      host.id,
      gaps && index === cloud.hosts.size - 1 ? host : { ...host, rack: `r${index % 2}` },
    ]),
  ),
});
