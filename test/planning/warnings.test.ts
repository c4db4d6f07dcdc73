import { afterAll, describe, expect, it } from 'vitest';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { PlanningOptions } from '../../src/planning/planning-request.ts';
import { unreadCriteria } from '../../src/planning/unread-criteria.ts';
import { createBackend } from '../../src/solve/backends/registry.ts';
import { aCloud, aGroup, aHost, aServer, hostId, someConfig } from '../support/builders.ts';
import { without } from '../support/parts.ts';
import { drainGoal, plan, someOptions } from '../support/planning.ts';

const backend = createBackend('highs');
afterAll(() => backend.close());

async function drain(cloud: Cloud, options: Partial<PlanningOptions> = {}): Promise<Plan> {
  const outcome = await plan(cloud, drainGoal, backend, { drain: [hostId('h1')], ...options });
  if (outcome.kind !== 'planned') throw new Error(outcome.kind);
  return outcome.plan;
}

describe('the warnings of a plan', () => {
  it('name the steps that they are about', async () => {
    const servers = [aServer('s1', 'h1', { configDrive: true }), aServer('s2', 'h1'), aServer('s3', 'h2')];
    const groups = [aGroup(['s2', 's3'], { policy: 'soft-anti-affinity' })];

    const { warnings, steps } = await drain(aCloud({ servers, groups }));

    const stepOf = (name: string) =>
      steps.filter((step) => 'server' in step && step.serverName === name).map(({ id }) => id);
    expect(warnings.map(({ code, steps: ids }) => [code, ids])).toEqual([
      ['plan.config-drive-copy', stepOf('s1')],
      ['plan.soft-groups', stepOf('s2')],
      ['plan.published-procedure', stepOf('s1')],
    ]);
  });

  it('tell of hosts to be emptied without a step', async () => {
    const hosts = [
      aHost('h1', { otherServices: [{ binary: 'ceph-osd' }] }),
      aHost('h2', { otherServices: [{ binary: 'x' }] }),
    ];

    const { warnings } = await drain(aCloud({ hosts, servers: [aServer('s1', 'h1')] }));

    expect(warnings).toEqual([
      {
        code: 'plan.other-services',
        text: 'host h1 runs other services, which no plan moves: ceph-osd',
        steps: [],
      },
    ]);
  });

  it('count what would be said of every step, in one line', async () => {
    const servers = ['s1', 's2', 's3', 's4'].map((name) => aServer(name, 'h1', { imageId: name }));
    const hosts = [aHost('h1'), aHost('h2', { cachedImages: new Set() })];

    const { warnings } = await drain(aCloud({ hosts, servers }));

    expect(warnings).toHaveLength(1);
    expect(warnings[0]?.text).toMatch(
      /^destinations fetch base images first: 4 times, such as: host h2 fetches image s\d first/,
    );
    expect(warnings[0]?.steps).toHaveLength(4);
  });

  it('leave it to one assumption to say what of nova.conf was not read, with the values', async () => {
    const config = {
      ...someConfig,
      permitPostCopy: { value: false, known: false },
      enabledFilters: { value: ['ComputeFilter', 'NUMATopologyFilter'], known: false },
      imageDefaultArchitecture: { value: undefined, known: false },
    };

    const { assumptions, warnings } = await drain(aCloud({ servers: [aServer('s1', 'h1')], config }));

    expect(warnings).toEqual([]);
    expect(assumptions.filter(({ rule }) => rule === 'nova-conf')).toEqual([
      {
        rule: 'nova-conf',
        text: 'settings of nova.conf that nobody told are taken to be: enabledFilters ComputeFilter + NUMATopologyFilter, imageDefaultArchitecture unset, permitPostCopy false',
        missing: ['novaConfig'],
        supply: ['nova.conf of every host and of a controller'],
        servers: [],
      },
    ]);
  });

  it('list the servers whose disks count as copied because nobody tells where they are', async () => {
    const config = { ...someConfig, imagesType: { value: 'default', known: false } };

    const { assumptions } = await drain(aCloud({ servers: [aServer('s1', 'h1')], config }));

    expect(assumptions.find(({ rule }) => rule === 'storage-pool')).toMatchObject({
      missing: ['novaConfig.imagesType', 'hosts[].storagePool'],
      servers: ['s1'],
    });
  });

  it('name the servers that a selection by tag cannot mean because nobody tells their tags', () => {
    const untagged = without(aServer('s1', 'h1'), 'tags');
    const cloud = aCloud({ servers: [untagged, aServer('s2', 'h1')] });
    const exclude = [{ kind: 'tag', value: 'kept' }] as const;

    expect(unreadCriteria({ cloud, goal: drainGoal, options: { ...someOptions, exclude } })).toMatchObject([
      { missing: ['servers[].tags'], servers: ['s1'] },
    ]);
    expect(unreadCriteria({ cloud, goal: drainGoal, options: someOptions })).toEqual([]);
  });
});
