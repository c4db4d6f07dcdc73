import { describe, expect, it } from 'vitest';
import type { Migration } from '../../src/model/migration.ts';
import type { Server } from '../../src/model/server.ts';
import type { MigrationStep } from '../../src/plan/plan.ts';
import { timingAssumptions } from '../../src/planning/timing-assumptions.ts';
import { aCloud, aContext, aHost, aServer, hostId, serverId } from '../support/builders.ts';
import { aMigration } from '../report/sample-plan.ts';

const said = (
  server: Partial<Server>,
  { migrations = [], ...step }: Partial<MigrationStep> & { migrations?: readonly Migration[] } = {},
) => {
  const cloud = aCloud({
    hosts: [aHost('h1'), aHost('h2')],
    servers: [aServer('s1', 'h1', server)],
    migrations,
  });
  return timingAssumptions([aMigration({ server: serverId('s1'), ...step })], aContext(cloud));
};

const everything = {
  dirtyRateMiBps: 10,
  residentMemoryMiB: 1024,
  workingSetMiB: 100,
  diskWriteMiBps: 0,
} as const;
const network = {
  rule: 'transfer',
  text: 'live migrations are taken to get 94 % of the bandwidth (47 % at worst) and 8 s besides',
  missing: ['migrations'],
  supply: ['five finished live migrations or more, with their bytes: the table migrations'],
  servers: [],
};

describe('what times rest on', () => {
  it('is the network alone where all of a server is known', () => {
    expect(said(everything)).toEqual([network]);
  });

  it('is every fact that nobody measured, with the servers and how to supply it', () => {
    expect(said({}).slice(1)).toEqual([
      {
        rule: 'transfer',
        text: 'they write memory at 10 % of what the network carries, 50 % at worst',
        missing: ['servers[].dirtyRateMiBps'],
        supply: ['metrics/vm-dirty-rate (`virsh domdirtyrate-calc`, then `domstats --dirtyrate`)'],
        servers: ['s1'],
      },
      expect.objectContaining({ missing: ['servers[].residentMemoryMiB'], servers: ['s1'] }),
    ]);
    const { workingSetMiB, ...lacking } = everything;
    expect(workingSetMiB).toBe(100);
    expect(said(lacking).slice(1)).toMatchObject([{ missing: ['servers[].workingSetMiB'] }]);
    const { diskWriteMiBps, ...writing } = everything;
    expect(diskWriteMiBps).toBe(0);
    expect(said(writing).slice(1)).toEqual([]);
    expect(said(writing, { storage: 'block' }).slice(1)).toMatchObject([
      { missing: ['servers[].diskWriteMiBps'] },
    ]);
  });

  it('is nothing of this for cold migrations', () => {
    expect(said({}, { kind: 'cold' })).toEqual([]);
  });

  it('is finished migrations where they tell', () => {
    // 10, 20, … GiB are 8.59 s each 10 GiB at 10 Gbit/s; they took twice that and 12 s
    const migrations = [10, 20, 30, 40, 50].map((gib): Migration => {
      const [from, seconds] = [gib * 60, Math.round(12 + gib * 1.718)];
      const at = (second: number): string => new Date(second * 1000).toISOString();
      return {
        id: gib,
        server: serverId('gone'),
        type: 'live-migration',
        status: 'completed',
        source: hostId('h1'),
        destination: hostId('h2'),
        createdAt: at(from),
        updatedAt: at(from + seconds),
        memoryProcessedMiB: gib * 1024,
      };
    });

    expect(said(everything, { migrations })).toMatchObject([
      {
        text: expect.stringMatching(
          /^live migrations are timed by 5 finished ones, which got 50 % of the bandwidth \(\d\d % at worst\) and 12 s besides$/,
        ) as string,
        missing: [],
        servers: [],
      },
    ]);
  });
});
