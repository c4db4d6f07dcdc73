import { describe, expect, it } from 'vitest';
import { configDrive } from '../../src/constraints/rules/config-drive.ts';
import { serverState } from '../../src/constraints/rules/server-state.ts';
import { storagePool } from '../../src/constraints/rules/storage-pool.ts';
import { tenantIsolation } from '../../src/constraints/rules/tenant-isolation.ts';
import type { Rule } from '../../src/constraints/rule.ts';
import type { Cloud } from '../../src/model/cloud.ts';
import type { Server } from '../../src/model/server.ts';
import { createState } from '../../src/replay/state.ts';
import {
  aCloud,
  aContext,
  aggregateId,
  aHost,
  anArrival,
  aServer,
  hostId,
  zedProfile,
} from '../support/builders.ts';
import { without } from '../support/parts.ts';
import { fixedServers } from '../support/say.ts';

const kept = { id: aggregateId('a'), name: 'a', hosts: [hostId('h2')], metadata: { filter_tenant_id: 'p1' } };
const vendor = {
  ...zedProfile,
  switches: { ...zedProfile.switches, isoConfigDriveLive: 'refused' },
} as const;

/** A server of which one fact was not read, and a host that is kept for a project. */
function cloudWithout(fact: keyof Server, over: Partial<Server> = {}): Cloud {
  const server = without(aServer('s1', 'h1', over), fact);
  return aCloud({
    hosts: [aHost('h1'), aHost('h2', { aggregates: [kept.id] })],
    servers: [server as Server],
    aggregates: new Map([[kept.id, kept]]),
  });
}

const judged = (rule: Rule, cloud: Cloud) => {
  const context = aContext(cloud, { profile: vendor });
  return rule.judge(anArrival(context, 's1', 'h2'), createState(context));
};

describe('what no source told of a server', () => {
  it('keeps it where it is when that is its lock', () => {
    const cloud = cloudWithout('locked');

    expect(judged(serverState, cloud)).toMatchObject({
      kind: 'unknown',
      missing: ['servers[].locked'],
      safe: 'no',
    });
    expect(fixedServers(serverState.compile(aContext(cloud)))).toEqual(['s1']);
  });

  it('counts as a config drive where one would be in the way', () => {
    const unknown = { kind: 'unknown', missing: ['servers[].configDrive'], safe: 'no' };

    expect(judged(configDrive, cloudWithout('configDrive'))).toMatchObject(unknown);
    expect(judged(configDrive, cloudWithout('configDrive', { configDriveFormat: 'vfat' }))).toEqual({
      kind: 'yes',
    });
  });

  it('counts as disks that are copied, and says so', () => {
    const onVolumes = { bootFromVolume: true, localDisks: [] };
    const context = aContext(cloudWithout('configDrive', onVolumes));

    expect(anArrival(context, 's1', 'h2').storage).toBe('block');
    expect(judged(storagePool, cloudWithout('configDrive', onVolumes))).toMatchObject({ safe: 'yes' });
    expect(judged(storagePool, cloudWithout('bootFromVolume'))).toMatchObject({ safe: 'yes' });
  });

  it('keeps it off hosts that are kept for projects when that is its project', () => {
    expect(judged(tenantIsolation, cloudWithout('projectId'))).toMatchObject({
      kind: 'unknown',
      missing: ['servers[].projectId'],
      safe: 'no',
    });
  });
});
