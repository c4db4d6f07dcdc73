import { describe, expect, it } from 'vitest';
import { rules } from '../../../src/constraints/registry.ts';
import type { Rule } from '../../../src/constraints/rule.ts';
import { warningRules } from '../../../src/replay/warnings/registry.ts';
import type { Cloud } from '../../../src/model/cloud.ts';
import { explainServer } from '../../../src/planning/explain/explain.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCell, aCloud, aContext, aGroup, aHost, aServer, hostId, serverId } from '../../support/builders.ts';

function explain(cloud: Cloud, over: { to?: string; rules?: readonly Rule[]; allow?: ['cold'] } = {}) {
  const server = cloud.servers.get(serverId('s1'));
  if (server === undefined) throw new Error('no s1');
  const question = {
    server,
    rules: over.rules ?? rules,
    warnings: warningRules,
    ...(over.to !== undefined && { to: hostId(over.to) }),
  };
  return explainServer(question, createState(aContext(cloud, { allow: over.allow ?? [] })));
}

const reasons = (cloud: Cloud): string[] =>
  explain(cloud).groups.map(
    ({ hosts, reasons: all }) =>
      `${hosts.join(' ')}: ${all.map(({ rule, wordings }) => `${rule}: ${wordings.map(({ text }) => text).join(' | ')}`).join('; ')}`,
  );

const pinned = aServer('s1', 'h1', { vcpus: 4, memoryGiB: 4, extraSpecs: { 'hw:cpu_policy': 'dedicated' } });

describe('explaining one server', () => {
  it('puts hosts together that refuse by the same rules, with ranges for numbers that differ', () => {
    const full = (name: string, cores: number) =>
      aHost(name, { pcpu: 2 + cores, cells: [aCell(0, { cores })] });
    const hosts = [aHost('h1', { pcpu: 8 }), full('h2', 1), full('h3', 0), full('h4', 1)];

    expect(reasons(aCloud({ hosts, servers: [pinned] }))).toEqual([
      'h2 h4 h3: capacity: 4 of 2–3 PCPU for one server; numa-fit: NUMA cell 0: needs 4 pinned CPUs, 0–2 in all',
    ]);
  });

  it('keeps hosts apart that refuse by other rules, the nearest first: fewest rules, then the least missing', () => {
    const hosts = [
      aHost('h1'),
      aHost('h2', { vcpu: 4, memoryMiB: 1024 }),
      aHost('h3', { memoryMiB: 1024 }),
      aHost('h4', { memoryMiB: 4000 }),
      aHost('h5', { service: { status: 'disabled', state: 'up', forcedDown: false } }),
    ];

    expect(reasons(aCloud({ hosts, servers: [aServer('s1', 'h1', { vcpus: 8 })] }))).toEqual([
      'h4 h3: capacity: 4096 of 1024–4000 MEMORY_MB for one server',
      'h2: capacity: 8 of 4 VCPU for one server',
      'h5: host-state: nova-compute is disabled',
    ]);
  });

  it('tells two wordings of one rule apart, and never takes a part of a name for a number', () => {
    const wanting = aServer('s1', 'h1', { requestedAz: { kind: 'zone', name: 'az-1' } });
    const hosts = [
      aHost('h1', { zone: 'az-1' }),
      aHost('h2', { zone: 'az-2' }),
      aHost('h3', { zone: 'az-3' }),
    ];

    expect(reasons(aCloud({ hosts, servers: [wanting] }))).toEqual([
      'h2 h3: requested-az: is in availability zone az-2, the server asked for az-1 | is in availability zone az-3, the server asked for az-1',
    ]);
  });

  it('says once what every host refuses alike: an affinity group that is together', () => {
    const cloud = aCloud({
      hosts: [aHost('h1'), aHost('h2'), aHost('h3', { memoryMiB: 1024 })],
      servers: [aServer('s1', 'h1'), aServer('s2', 'h1')],
      groups: [aGroup(['s1', 's2'], { policy: 'affinity' })],
    });

    const { ways, groups } = explain(cloud);

    expect(ways[0]?.everywhere).toMatchObject([{ rule: 'affinity', where: 'every host' }]);
    expect(groups).toMatchObject([
      { hosts: ['h2'], reasons: [], verdict: 'no' },
      { hosts: ['h3'], reasons: [{ rule: 'capacity' }], verdict: 'no' },
    ]);
  });

  it('does not call a reason of the only other host one of all hosts', () => {
    const cloud = aCloud({
      hosts: [aHost('h1'), aHost('h2', { memoryMiB: 1024 })],
      servers: [aServer('s1', 'h1')],
    });

    expect(explain(cloud).ways[0]?.everywhere).toEqual([]);
  });

  it('answers with the best way that a host takes: live before cold', () => {
    const hosts = [aHost('h1'), aHost('h2'), aHost('h3', { hypervisorVersion: 6002000 })];
    const { hosts: answers, ways } = explain(aCloud({ hosts, servers: [aServer('s1', 'h1')] }), {
      allow: ['cold'],
    });

    expect(answers.map(({ host, method, verdict }) => `${host} ${method} ${verdict}`)).toEqual([
      'h2 live yes',
      'h3 cold yes',
    ]);
    expect(ways.map(({ method, accepted }) => `${method} ${accepted}`)).toEqual(['live 1', 'cold 2']);
  });

  it('lists assumptions, and refusals for want of facts, with the facts', () => {
    const server = aServer('s1', 'h1');
    const { requestedAz, ...unknown } = server;
    expect(requestedAz).toBeDefined();
    const hosts = [aHost('h1', { zone: 'a' }), aHost('h2', { zone: 'a' }), aHost('h3', { zone: 'b' })];

    const answers = explain(aCloud({ hosts, servers: [unknown] })).hosts;

    expect(answers[0]).toMatchObject({
      host: 'h2',
      verdict: 'yes',
      assumptions: [{ missing: ['servers[].requestedAz'] }, { missing: ['servers[].machineType'] }],
    });
    expect(answers[1]).toMatchObject({ host: 'h3', verdict: 'no', refusals: [{ unit: 'unknown facts' }] });
  });

  it('warns of hosts that take the server, or would otherwise, and not of others', () => {
    const roomy = { total: 4096, reserved: 0, allocationRatio: 2, minUnit: 1, maxUnit: 4096, stepSize: 1 };
    const over = (name: string, status: 'enabled' | 'disabled') => {
      const host = aHost(name, { memoryMiB: 4096 });
      return {
        ...host,
        service: { ...host.service, status },
        providers: host.providers.map((p) => ({
          ...p,
          inventories: new Map([...p.inventories, ['MEMORY_MB', roomy]]),
        })),
      };
    };
    const hosts = [aHost('h1'), over('h2', 'enabled'), over('h3', 'disabled')];
    const servers = [aServer('s1', 'h1'), aServer('s2', 'h2'), aServer('s3', 'h3')];

    expect(explain(aCloud({ hosts, servers })).warnings).toEqual([
      {
        id: 'memory-overcommit',
        text: 'host h2 would promise 8192 MiB of memory and has 4096',
        hosts: ['h2'],
      },
    ]);
  });

  it('counts a server that already runs on the host asked about', () => {
    const cloud = aCloud({ servers: [aServer('s1', 'h1')] });

    expect(explain(cloud, { to: 'h1' }).hosts[0]?.refusals.map(({ rule }) => rule)).toEqual([
      'not-same-host',
    ]);
  });
});
