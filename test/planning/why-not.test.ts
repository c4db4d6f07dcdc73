import { afterAll, describe, expect, it } from 'vitest';
import type { RulesDocument } from '../../src/constraints/operator/document.ts';
import { rules } from '../../src/constraints/registry.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Host } from '../../src/model/host.ts';
import type { HostId, ServerId } from '../../src/model/ids.ts';
import { planCloud } from '../../src/planning/plan-cloud.ts';
import type {
  PlanningOptions,
  PlanningOutcome,
  PlanningRequest,
} from '../../src/planning/planning-request.ts';
import { startRun } from '../../src/planning/start-run.ts';
import type { Change, Clash, WayOut } from '../../src/planning/why-not/answer.ts';
import { changed } from '../../src/planning/why-not/change-request.ts';
import { withCopyOf } from '../../src/planning/why-not/copy-host.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { checkPrimitives } from '../../src/solve/check-primitives.ts';
import {
  aCell,
  aCloud,
  aGroup,
  aHost,
  aServer,
  hostId,
  noCpuTable,
  providerId,
  serverId,
  zedProfile,
} from '../support/builders.ts';
import { drainGoal, someDigest, someOptions } from '../support/planning.ts';

const backend = createBackend('highs');
afterAll(() => backend.close());

const tools = { backend, now: () => 0, plannerVersion: '0.0.0' };

/** To drain h1. */
const requestFor = (
  cloud: Cloud,
  options: Partial<PlanningOptions> = {},
  operatorRules?: RulesDocument,
): PlanningRequest => ({
  cloud,
  inventoryDigest: someDigest,
  profile: zedProfile,
  goal: drainGoal,
  rules,
  ...(operatorRules !== undefined && { operatorRules }),
  cpuTable: noCpuTable,
  options: { ...someOptions, spareHosts: 0, drain: [hostId('h1')], ...options },
});

type Impossible = Extract<PlanningOutcome, { kind: 'impossible' }>;

async function askWhy(request: PlanningRequest): Promise<Impossible & { readonly clash: Clash }> {
  const outcome = await planCloud(request, tools);
  if (outcome.kind !== 'impossible') throw new Error(outcome.kind);
  const { clash } = outcome;
  if (clash === undefined) throw new Error('no clash');
  await expectGood(request, clash, outcome.waysOut);
  return { ...outcome, clash };
}

const members = ({ servers, rules: ids, limits }: Clash): string[] => [
  ...servers.map(({ server }) => `server ${server}`),
  ...ids.map(({ rule, of }) => (of === undefined ? rule : `${rule} ${of}`)),
  ...limits.map(({ option, value }) => `${option} ${value}`),
];

const words = (change: Change): string => {
  switch (change.kind) {
    case 'allow':
      return `allow ${change.word}`;
    case 'lift':
      return `lift ${change.option} ${change.value}${change.to === undefined ? '' : ` to ${change.to}`}`;
    case 'unlock':
      return `unlock ${change.server.server}`;
    case 'stop':
      return `stop ${change.server.server}`;
    case 'add-host':
      return `add ${change.like}`;
  }
};
const waysOf = ({ waysOut }: Impossible): string[] =>
  waysOut.map(({ changes }) => changes.map(words).join(' + '));

/** Without the solver: the clash is one, is none without any of its members, and each way out can be planned. */
async function expectGood(request: PlanningRequest, clash: Clash, waysOut: readonly WayOut[]): Promise<void> {
  const all = members(clash);
  expect(canBeKept(request, all)).toBe(false);
  expect(clash.irreducible).toBe(true);
  for (const member of all)
    expect({
      without: member,
      kept: canBeKept(
        request,
        all.filter((other) => other !== member),
      ),
    }).toEqual({
      without: member,
      kept: true,
    });
  for (const { changes, moves } of waysOut) {
    const outcome = await planCloud(changed(request, changes), tools);
    expect(outcome).toMatchObject({ kind: 'planned', plan: { summary: { moves } } });
  }
}

/** Tries every assignment of a tiny cloud. */
function canBeKept(request: PlanningRequest, kept: readonly string[]): boolean {
  const { problem } = startRun(request);
  const names = new Set(kept);
  const primitives = problem.primitives.filter((primitive) =>
    primitive.rule === 'headroom'
      ? kept.some((name) => name.startsWith('--headroom'))
      : names.has(primitive.rule) ||
        (primitive.kind === 'capacity' && names.has(`${primitive.rule} ${primitive.unit}`)),
  );
  const { maxMoves, maxGiB, ...rest } = problem;
  const reduced = {
    ...rest,
    primitives,
    mustEmpty: [],
    ...(maxMoves !== undefined && names.has(`--max-moves ${maxMoves}`) && { maxMoves }),
    ...(maxGiB !== undefined && names.has(`--max-gib ${maxGiB}`) && { maxGiB }),
  };
  const drained = new Set<HostId>(problem.mustEmpty);
  const servers = [...problem.start.keys()];
  const choices = servers.map((server): readonly HostId[] => {
    const home = problem.start.get(server);
    const elsewhere = [...problem.cloud.hosts.keys()].filter((host) => host !== home && !drained.has(host));
    return home === undefined || names.has(`server ${server}`) ? elsewhere : [home, ...elsewhere];
  });
  const tryFrom = (index: number, at: ReadonlyMap<ServerId, HostId>): boolean => {
    const server = servers[index];
    if (server === undefined)
      return checkPrimitives(reduced, { assignment: at, cells: new Map() }).length === 0;
    return (choices[index] ?? []).some((host) => tryFrom(index + 1, new Map(at).set(server, host)));
  };
  return tryFrom(0, new Map());
}

const fence: RulesDocument = {
  formatVersion: 1,
  kind: 'rules',
  rules: [{ kind: 'fence', name: 'home', servers: { name: 's1' }, hosts: { name: 'h1' } }],
};

const gpu = {
  address: '0000:81:00.0',
  vendorId: '10de',
  productId: '20b0',
  devType: 'type-PCI',
  tags: {},
} as const;
const withGpu: Partial<Host> = {
  pciDevices: [{ ...gpu, status: 'allocated', server: 's1' }],
  pciPools: [],
};

describe('why a host cannot be drained', () => {
  it('is what clashes over room, and a host more helps', async () => {
    const answer = await askWhy(
      requestFor(
        aCloud({
          hosts: [aHost('h1'), aHost('h2', { vcpu: 8 })],
          servers: ['s1', 's2', 's3', 's4'].map((name) => aServer(name, 'h1', { vcpus: 4 })),
        }),
      ),
    );

    expect(answer.clash.servers).toHaveLength(3);
    expect(members(answer.clash).slice(3)).toEqual(['capacity VCPU']);
    expect(waysOf(answer)).toEqual(['add h1', 'add h2']);
  });

  it('is a group whose members have to stay apart', async () => {
    const answer = await askWhy(
      requestFor(
        aCloud({
          hosts: [aHost('h1'), aHost('h2')],
          servers: [aServer('s1', 'h1'), aServer('s2', 'h2'), aServer('s3', 'h1')],
          groups: [aGroup(['s1', 's2'])],
        }),
      ),
    );

    expect(members(answer.clash)).toEqual(['server s1', 'anti-affinity']);
    expect(waysOf(answer)).toEqual(['add h1']);
    expect(answer.clash.rules[0]?.text).toContain('g1');
  });

  it('is a locked server, for which the way out is to unlock it', async () => {
    const servers = [aServer('s1', 'h1', { locked: true }), aServer('s2', 'h1')];
    const answer = await askWhy(requestFor(aCloud({ servers })));

    expect(members(answer.clash)).toEqual(['server s1', 'server-state']);
    expect(waysOf(answer)).toEqual(['unlock s1']);
    expect(answer.waysOutCutShort).toBe(false);
  });

  it('is one of several locked servers, and all that are locked are to be unlocked', async () => {
    const servers = [
      aServer('s1', 'h1', { locked: true }),
      aServer('s2', 'h1', { locked: true }),
      aServer('s3', 'h1'),
    ];
    const answer = await askWhy(requestFor(aCloud({ servers })));

    expect(answer.clash.servers).toHaveLength(1);
    expect(waysOf(answer)).toEqual(['unlock s1 + unlock s2']);
  });

  it('is a device of each of two servers, both of which are to be stopped', async () => {
    const withVf = (name: string, address: string) =>
      aServer(name, 'h1', {
        pciRequests: [
          {
            count: 1,
            specs: [{ vendor_id: '10de', product_id: '20b0' }],
            source: { kind: 'alias', alias: 'gpu' },
          },
        ],
        pciDevices: [address],
      });
    const devices = ['0000:81:00.0', '0000:82:00.0'];
    const hosts = [
      aHost('h1', {
        pciDevices: devices.map((address, i) => ({
          ...gpu,
          address,
          status: 'allocated',
          server: `s${i + 1}`,
        })),
        pciPools: [],
      }),
      aHost('h2', {
        pciDevices: devices.map((address) => ({ ...gpu, address, status: 'available' })),
        pciPools: [{ vendorId: '10de', productId: '20b0', devType: 'type-PCI', count: 2, tags: {} }],
      }),
    ];
    const servers = [...devices.map((address, i) => withVf(`s${i + 1}`, address)), aServer('s3', 'h1')];
    const answer = await askWhy(requestFor(aCloud({ hosts, servers })));

    expect(waysOf(answer)).toEqual(['allow cold', 'stop s1 + stop s2']);
    expect(answer.waysOut.map(({ coldMigrations }) => coldMigrations)).toEqual([2, 2]);
  });

  it('is a limit on what is copied, which has to be no higher than is needed', async () => {
    const servers = [
      aServer('s1', 'h1', { memoryGiB: 2 }),
      aServer('s2', 'h1', { memoryGiB: 4 }),
      aServer('s3', 'h1', { memoryGiB: 1 }),
    ];
    const answer = await askWhy(requestFor(aCloud({ servers }), { maxGiB: 20 }));

    expect(members(answer.clash)).toEqual(['server s2', 'server s1', '--max-gib 20']);
    expect(waysOf(answer)).toEqual(['lift --max-gib 20 to 37']);
  });

  it('is a device that no other host has, nor could it go live', async () => {
    const server = aServer('s1', 'h1', {
      pciRequests: [
        {
          count: 1,
          specs: [{ vendor_id: '10de', product_id: '20b0' }],
          source: { kind: 'alias', alias: 'gpu' },
        },
      ],
      pciDevices: [gpu.address],
    });
    const hosts = [aHost('h1', withGpu), aHost('h2', { pciDevices: [], pciPools: [] })];
    const answer = await askWhy(requestFor(aCloud({ hosts, servers: [server] })));

    expect(answer.clash.servers.map(({ server: id }) => id)).toEqual(['s1']);
    expect(waysOf(answer)).toEqual(['allow cold + add h1', 'stop s1 + add h1']);
  });

  it('is a group that only a forced migration passes', async () => {
    const groups = [aGroup(['s1'], { policy: 'affinity' })];
    const allocations = [
      { provider: providerId('rp-h1'), resources: { VCPU: 2, MEMORY_MB: 4096, DISK_GB: 10 } },
    ];
    const servers = [aServer('s1', 'h1', { allocations })];
    const answer = await askWhy(requestFor(aCloud({ servers, groups })));

    expect(members(answer.clash)).toEqual(['server s1', 'affinity']);
    expect(waysOf(answer)[0]).toBe('allow forced');
  });

  it('is a zone', async () => {
    const hosts = [aHost('h1', { zone: 'a' }), aHost('h2', { zone: 'b' })];
    const servers = [aServer('s1', 'h1', { requestedAz: { kind: 'zone', name: 'a' } })];
    const answer = await askWhy(requestFor(aCloud({ hosts, servers })));

    expect(members(answer.clash)).toEqual(['server s1', 'requested-az']);
    expect(waysOf(answer)).toEqual(['add h1']);
  });

  it('is a rule of the operator', async () => {
    const answer = await askWhy(requestFor(aCloud({ servers: [aServer('s1', 'h1')] }), {}, fence));

    expect(members(answer.clash)).toEqual(['server s1', 'operator:home']);
    expect(waysOf(answer)).toEqual(['lift --rules home']);
  });

  it('is a limit', async () => {
    const servers = ['s1', 's2', 's3'].map((name) => aServer(name, 'h1'));
    const answer = await askWhy(requestFor(aCloud({ servers }), { maxMoves: 1 }));

    expect(members(answer.clash)).toHaveLength(3);
    expect(answer.clash.limits).toEqual([{ option: '--max-moves', value: 1 }]);
    expect(waysOf(answer)).toEqual(['lift --max-moves 1 to 3']);
    expect(answer.waysOut[0]).toMatchObject({ moves: 3, coldMigrations: 0 });
  });

  it('is room that was to be kept free', async () => {
    const hosts = [aHost('h1'), aHost('h2', { vcpu: 4 })];
    const servers = [aServer('s1', 'h1', { vcpus: 4 })];
    const answer = await askWhy(requestFor(aCloud({ hosts, servers }), { headroomPercent: 20 }));

    expect(members(answer.clash)).toEqual(['server s1', '--headroom 20']);
    expect(waysOf(answer)[0]).toBe('lift --headroom 20');
  });

  it('is what the operator excluded', async () => {
    const servers = [aServer('s1', 'h1')];
    const exclude = [{ kind: 'server', value: 's1' }] as const;
    const answer = await askWhy(requestFor(aCloud({ servers }), { exclude }));

    expect(members(answer.clash)).toEqual(['server s1', 'selection']);
    expect(waysOf(answer)).toEqual(['lift --exclude server:s1']);
  });

  it('names a pair where no change helps by itself', async () => {
    const servers = [aServer('s1', 'h1'), aServer('s2', 'h1')];
    const answer = await askWhy(requestFor(aCloud({ servers }), { maxMoves: 1 }, fence));

    expect(waysOf(answer)).toEqual(['lift --max-moves 1 + lift --rules home']);
  });

  it('needs one server alone where another has to follow it and finds no room', async () => {
    const near: RulesDocument = {
      formatVersion: 1,
      kind: 'rules',
      rules: [{ kind: 'near', name: 'pair', servers: { name: 's*' }, per: 'host' }],
    };
    const hosts = [aHost('h1'), aHost('h2', { vcpu: 3 }), aHost('h3', { vcpu: 3 })];
    const servers = [aServer('s1', 'h1'), aServer('s2', 'h1')];
    const answer = await askWhy(requestFor(aCloud({ hosts, servers }), {}, near));

    expect(members(answer.clash)).toEqual(['server s1', 'operator:pair', 'capacity VCPU']);
    expect(waysOf(answer)).toEqual(['lift --rules pair', 'add h1']);
  });
});

describe('the search for why not', () => {
  const servers = ['s1', 's2', 's3'].map((name) => aServer(name, 'h1', { vcpus: 8 }));
  const request = requestFor(aCloud({ hosts: [aHost('h1', { vcpu: 24 }), aHost('h2')], servers }));

  it('ends with the time limit, and says so', async () => {
    let seconds = 0;
    const outcome = await planCloud(
      { ...request, options: { ...request.options, timeLimitSeconds: 100 } },
      { ...tools, now: () => (seconds += 5) },
    );

    if (outcome.kind !== 'impossible') throw new Error(outcome.kind);
    expect(outcome.waysOutCutShort).toBe(true);
  });

  it('asks nothing once it was interrupted', async () => {
    const locked = requestFor(aCloud({ servers: [aServer('s1', 'h1', { locked: true })] }));
    const outcome = await planCloud(locked, { ...tools, signal: AbortSignal.abort() });

    expect(outcome).toMatchObject({ kind: 'impossible', waysOut: [], waysOutCutShort: true });
  });
});

describe('a copy of a host', () => {
  it('is empty, enabled, and has all that servers hold of the first', () => {
    const host = aHost('h1', {
      ...withGpu,
      cells: [aCell(0, { pinned: [1, 2], memoryUsedMiB: 512, bigPages: 4, bigPagesUsed: 3 })],
      service: { status: 'disabled', state: 'up', forcedDown: false, disabledReason: 'old' },
    });
    const cloud = withCopyOf(host, aCloud({ hosts: [host], servers: [aServer('s1', 'h1')] }));
    const copy = cloud.hosts.get(hostId('h1-copy'));

    expect(copy?.service).toEqual({ status: 'enabled', state: 'up', forcedDown: false });
    expect(copy?.cells?.[0]).toMatchObject({ pinnedCpus: [], memoryUsedMiB: 0 });
    expect(copy?.cells?.[0]?.pages.map(({ used }) => used)).toEqual([0, 0]);
    expect(copy?.pciPools).toMatchObject([{ productId: '20b0', count: 1 }]);
    expect(copy?.pciDevices).toEqual([{ ...gpu, status: 'available' }]);
    expect(copy?.providers[0]?.id).not.toBe(host.providers[0]?.id);
    expect(cloud.servers.get(serverId('s1'))?.host).toBe('h1');
  });
});
