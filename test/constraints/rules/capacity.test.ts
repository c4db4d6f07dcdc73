import { describe, expect, it } from 'vitest';
import { capacity, chooseProviders } from '../../../src/constraints/rules/capacity.ts';
import type { Host } from '../../../src/model/host.ts';
import type { ResourceInventory } from '../../../src/model/placement.ts';
import type { Server } from '../../../src/model/server.ts';
import { createState } from '../../../src/replay/state.ts';
import { aCloud, aContext, aHost, anArrival, aServer, providerId, serverId } from '../../support/builders.ts';
import { anInventory, aProvider } from '../../support/parts.ts';
import { allowedHosts, broken, say } from '../../support/say.ts';

const pinned = { 'hw:cpu_policy': 'dedicated' };

/** h1 with the server, and h2 with this inventory of VCPU besides the usual. */
const into = (
  vcpu: ResourceInventory,
  server: Partial<Server> & { vcpus?: number } = {},
  others: Server[] = [],
) => {
  const [root] = aHost('h2').providers;
  const providers =
    root === undefined ? [] : [{ ...root, inventories: new Map([...root.inventories, ['VCPU', vcpu]]) }];
  return aContext(
    aCloud({
      hosts: [aHost('h1'), aHost('h2', { providers })],
      servers: [aServer('s1', 'h1', server), ...others],
    }),
  );
};

describe('capacity', () => {
  it('lets a server in up to the last unit', () => {
    const exact = into(anInventory(6), { vcpus: 4 }, [aServer('s2', 'h2')]);
    const tooMuch = into(anInventory(5), { vcpus: 4 }, [aServer('s2', 'h2')]);

    expect(say(capacity, exact, 's1', 'h2')).toBe('yes');
    expect(say(capacity, tooMuch, 's1', 'h2')).toBe('host h2: 6 of 5 VCPU');
  });

  it('takes off what is reserved and multiplies by the ratio, whole units only', () => {
    const vcpu = anInventory(5, { reserved: 2, allocationRatio: 1.5 });

    expect(say(capacity, into(vcpu, { vcpus: 4 }), 's1', 'h2')).toBe('yes');
    expect(say(capacity, into(vcpu, { vcpus: 5 }), 's1', 'h2')).toBe('host h2: 5 of 4 VCPU');
  });

  it('lets no server have more than the raw total, whatever the ratio', () => {
    const vcpu = anInventory(4, { allocationRatio: 16 });

    expect(say(capacity, into(vcpu, { vcpus: 5 }), 's1', 'h2')).toBe('host h2: 5 of 4 VCPU for one server');
  });

  it('keeps to the least amount and the step of a class', () => {
    expect(say(capacity, into(anInventory(16, { minUnit: 4 }), { vcpus: 2 }), 's1', 'h2')).toBe(
      'host h2 gives no less than 4 VCPU a server, not 2',
    );
    expect(say(capacity, into(anInventory(16, { stepSize: 4 }), { vcpus: 6 }), 's1', 'h2')).toBe(
      'host h2 gives multiples of 4 VCPU a server, not 6',
    );
  });

  it('finds no room in an inventory of nothing, and none where there is no inventory', () => {
    const [root] = aHost('h2', { vcpu: 0 }).providers;
    const without = aContext(
      aCloud({
        hosts: [aHost('h1'), aHost('h2', { providers: root === undefined ? [] : [root] })],
        servers: [aServer('s1', 'h1')],
      }),
    );

    expect(say(capacity, into(anInventory(0, { maxUnit: 8 })), 's1', 'h2')).toBe('host h2: 2 of 0 VCPU');
    expect(say(capacity, into(anInventory(8, { reserved: 8 })), 's1', 'h2')).toBe('host h2: 2 of 0 VCPU');
    expect(say(capacity, without, 's1', 'h2')).toBe('host h2: 2 of 0 VCPU');
  });

  it('does not know what fits on a host without providers', () => {
    const context = aContext(
      aCloud({ hosts: [aHost('h1'), aHost('h2', { providers: [] })], servers: [aServer('s1', 'h1')] }),
    );

    expect(say(capacity, context, 's1', 'h2')).toBe(
      'unknown, safe no: what Placement knows of some hosts is not known: nothing moves there [hosts[].providers]',
    );
    expect(allowedHosts(capacity.compile(context), 's1')).toEqual(['h1']);
  });

  it('charges both ends until a live migration completes', () => {
    const context = aContext(
      aCloud({
        hosts: [aHost('h1', { vcpu: 4 }), aHost('h2', { vcpu: 4 })],
        servers: [aServer('s1', 'h1', { vcpus: 4 }), aServer('s2', 'h2', { vcpus: 3 })],
      }),
    );
    const state = createState(context);
    const blocked = say(capacity, context, 's2', 'h1', {}, state);

    state.apply({ kind: 'request', arrival: anArrival(context, 's1', 'h2') });
    const onItsWay = say(capacity, context, 's2', 'h1', {}, state);
    state.apply({ kind: 'complete', server: serverId('s1') });

    expect(blocked).toBe('host h1: 7 of 4 VCPU');
    expect(onItsWay).toBe('host h1: 7 of 4 VCPU');
    expect(say(capacity, context, 's2', 'h1', {}, state)).toBe('yes');
  });

  it('asks hosts with PCPU for PCPU, and others for VCPU, of pinned servers', () => {
    const context = aContext(
      aCloud({
        hosts: [
          aHost('h1', { pcpu: 8 }),
          aHost('h2', { pcpu: 3, vcpu: 16 }),
          aHost('h3', { vcpu: 3 }),
          aHost('h4', { vcpu: 4 }),
        ],
        servers: [aServer('s1', 'h1', { vcpus: 4, extraSpecs: pinned })],
      }),
    );

    expect(say(capacity, context, 's1', 'h2')).toBe('host h2: 4 of 3 PCPU for one server');
    expect(say(capacity, context, 's1', 'h3')).toBe('host h3: 4 of 3 VCPU for one server');
    expect(say(capacity, context, 's1', 'h4')).toBe('yes');
    expect(allowedHosts(capacity.compile(context), 's1')).toEqual(['h1', 'h4']);
  });

  it('holds what an evacuated server left behind against its old host, and not against the new one', () => {
    const vcpus = (host: string, amount: number) => ({
      provider: providerId(`rp-${host}`),
      resources: { VCPU: amount },
    });
    const evacuated = aServer('s1', 'h2', { vcpus: 4, allocations: [vcpus('h1', 4), vcpus('h2', 4)] });
    const context = aContext(
      aCloud({
        hosts: [aHost('h1', { vcpu: 6 }), aHost('h2', { vcpu: 6 }), aHost('h3')],
        servers: [evacuated, aServer('s2', 'h3', { vcpus: 3 })],
      }),
    );
    const state = createState(context);

    expect(say(capacity, context, 's2', 'h1', {}, state)).toBe('host h1: 7 of 6 VCPU');

    state.apply({ kind: 'request', arrival: anArrival(context, 's1', 'h3') });
    state.apply({ kind: 'complete', server: serverId('s1') });

    expect(say(capacity, context, 's2', 'h2', {}, state)).toBe('yes');
    expect(say(capacity, context, 's2', 'h1', {}, state)).toBe('host h1: 7 of 6 VCPU');
  });

  it('reports providers that hold more than they have, with the servers that hold it', () => {
    const context = aContext(
      aCloud({
        hosts: [aHost('h1', { vcpu: 3 }), aHost('h2')],
        servers: [aServer('s1', 'h1'), aServer('s2', 'h1'), aServer('s3', 'h2')],
      }),
    );

    expect(broken(capacity, createState(context))).toEqual(['host h1: 4 of 3 VCPU (s1, s2)']);
  });

  it('reports a provider that others than servers overfill', () => {
    const provider = providerId('rp-h1');
    const otherConsumers = [{ id: 'x', allocations: [{ provider, resources: { VCPU: 17 } }] }];

    const state = createState(aContext(aCloud({ otherConsumers })));

    expect(broken(capacity, state)).toEqual(['host h1: 17 of 16 VCPU ()']);
  });
});

describe('capacity on a tree of providers', () => {
  const nested: Host = aHost('h2', {
    providers: [
      aProvider('h2', { MEMORY_MB: 65536, DISK_GB: 1000 }),
      aProvider('h2-numa0', { VCPU: 4 }, { parent: providerId('rp-h2') }),
      aProvider('h2-numa1', { VCPU: 8 }, { parent: providerId('rp-h2') }),
    ],
  });
  const withServer = (vcpus: number) =>
    aContext(aCloud({ hosts: [aHost('h1'), nested], servers: [aServer('s1', 'h1', { vcpus })] }));

  it('wants one provider with room for all of a class, since no class is split', () => {
    expect(say(capacity, withServer(8), 's1', 'h2')).toBe('yes');
    expect(say(capacity, withServer(9), 's1', 'h2')).toBe('host h2: 9 of 8 VCPU for one server');
  });

  it('tells what the provider lacks that comes nearest', () => {
    const other = aServer('s2', 'h2', {
      allocations: [{ provider: providerId('rp-h2-numa1'), resources: { VCPU: 6 } }],
    });
    const context = aContext(
      aCloud({ hosts: [aHost('h1'), nested], servers: [aServer('s1', 'h1', { vcpus: 3 }), other] }),
    );
    const full = aContext(
      aCloud({ hosts: [aHost('h1'), nested], servers: [aServer('s1', 'h1', { vcpus: 5 }), other] }),
    );

    expect(say(capacity, context, 's1', 'h2')).toBe('yes');
    expect(say(capacity, full, 's1', 'h2')).toBe('host h2: 5 of 4 VCPU for one server');
  });

  it('charges the first provider that has room and gives such an amount', () => {
    const cloud = aCloud({ hosts: [nested] });
    const small: Host = {
      ...nested,
      providers: nested.providers.map((provider) =>
        provider.name === 'h2-numa0'
          ? { ...provider, inventories: new Map([['VCPU', anInventory(64, { maxUnit: 2 })]]) }
          : provider,
      ),
    };

    expect(chooseProviders({ VCPU: 3 }, nested, cloud, () => 0)).toEqual([
      { provider: 'rp-h2-numa0', resource: 'VCPU', amount: 3 },
    ]);
    expect(chooseProviders({ VCPU: 3 }, nested, cloud, () => 2)).toEqual([
      { provider: 'rp-h2-numa1', resource: 'VCPU', amount: 3 },
    ]);
    expect(chooseProviders({ VCPU: 3 }, small, cloud, () => 0)).toEqual([
      { provider: 'rp-h2-numa1', resource: 'VCPU', amount: 3 },
    ]);
    expect(chooseProviders({ VCPU: 30, VGPU: 1 }, nested, cloud, () => 0)).toEqual([
      { provider: 'rp-h2-numa0', resource: 'VCPU', amount: 30 },
    ]);
  });
});

describe('capacity of a provider that hosts share', () => {
  const sharing = { traits: ['MISC_SHARES_VIA_AGGREGATE'], aggregates: ['agg'] };
  const host = (name: string): Host =>
    aHost(name, { providers: [aProvider(name, { VCPU: 16, MEMORY_MB: 65536 }, { aggregates: ['agg'] })] });
  const onShared = (diskGiB: number, name: string) =>
    aServer(name, 'h1', {
      allocations: [
        { provider: providerId('rp-h1'), resources: { VCPU: 2, MEMORY_MB: 4096 } },
        { provider: providerId('rp-nfs'), resources: { DISK_GB: diskGiB } },
      ],
    });
  const withPool = (totalGiB: number) =>
    aContext(
      aCloud({
        hosts: [host('h1'), host('h2')],
        servers: [onShared(10, 's1'), onShared(10, 's2')],
        otherProviders: [aProvider('nfs', { DISK_GB: totalGiB }, sharing)],
      }),
    );

  it('has to hold the disks of a server twice while it is on its way', () => {
    expect(say(capacity, withPool(30), 's1', 'h2')).toBe('yes');
    expect(say(capacity, withPool(29), 's1', 'h2')).toBe('host h2: 30 of 29 DISK_GB');
  });

  it('gets back what the server held when it has arrived', () => {
    const context = withPool(30);
    const state = createState(context);

    state.apply({ kind: 'request', arrival: anArrival(context, 's1', 'h2') });
    const onItsWay = say(capacity, context, 's2', 'h2', {}, state);
    state.apply({ kind: 'complete', server: serverId('s1') });

    expect(onItsWay).toBe('host h2: 40 of 30 DISK_GB');
    expect(say(capacity, context, 's2', 'h2', {}, state)).toBe('yes');
    expect(state.used(providerId('rp-nfs'), 'DISK_GB')).toBe(20);
  });

  it('is broken once where more is used than there is, and names whose disks are there', () => {
    expect(broken(capacity, createState(withPool(20)))).toEqual([]);
    expect(broken(capacity, createState(withPool(19)))).toEqual([
      'resource provider nfs: 20 of 19 shared DISK_GB (s1, s2)',
    ]);
  });

  it('is no limit of any one host', () => {
    const resources = capacity
      .compile(withPool(30))
      .flatMap((primitive) => (primitive.kind === 'capacity' ? [primitive.resource] : []));

    expect(resources).toEqual(['MEMORY_MB (legacy)', 'VCPU (legacy)']);
  });
});
