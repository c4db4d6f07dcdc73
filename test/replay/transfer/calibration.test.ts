import { describe, expect, it } from 'vitest';
import type { Cloud } from '../../../src/model/cloud.ts';
import type { Migration } from '../../../src/model/migration.ts';
import { calibrationOf } from '../../../src/replay/transfer/calibration.ts';
import { transferOf } from '../../../src/replay/transfer/transfer.ts';
import {
  aCloud,
  aContext,
  aHost,
  anArrival,
  aServer,
  hostId,
  serverId,
  someConfig,
} from '../../support/builders.ts';

const start = Date.parse('2026-01-01T00:00:00Z');
const at = (seconds: number): string => new Date(start + seconds * 1000).toISOString();
const gigabit = { nics: [{ name: 'e', bandwidthMbps: 1000 }] };

/** One that sent so many GiB: 8.59 s each on a link of 1 Gbit/s. */
const finished = (gib: number, from: number, until: number, over: Partial<Migration> = {}): Migration => ({
  id: from,
  server: serverId('gone'),
  type: 'live-migration',
  status: 'completed',
  source: hostId('h1'),
  destination: hostId('h2'),
  createdAt: at(from),
  updatedAt: at(until),
  memoryProcessedMiB: gib * 1024,
  ...over,
});

/** 1, 2, … 6 GiB one after the other, each at half the link and 20 s besides. */
const halfLink = (over: Partial<Migration> = {}): readonly Migration[] =>
  [1, 2, 3, 4, 5, 6].map((gib) => finished(gib, gib * 1000, gib * 1000 + Math.round(20 + gib * 17.18), over));

const cloudWith = (migrations: readonly Migration[], over: Partial<Pick<Cloud, 'config'>> = {}): Cloud =>
  aCloud({
    hosts: ['h1', 'h2', 'h3'].map((name) => aHost(name, gigabit)),
    servers: [
      aServer('a', 'h1', { memoryGiB: 4, dirtyRateMiBps: 0 }),
      aServer('b', 'h3', { memoryGiB: 4, dirtyRateMiBps: 0 }),
    ],
    migrations,
    ...over,
  });

const secondsOf = (cloud: Cloud, server: string, to: string): number =>
  transferOf(anArrival(aContext(cloud), server, to, { storage: 'volume' }), cloud).seconds.expected;

const efficiencyIn = (
  migrations: readonly Migration[],
  over: Partial<Pick<Cloud, 'config'>> = {},
): number | undefined => calibrationOf(cloudWith(migrations, over)).whole?.efficiency.expected;

describe('calibration', () => {
  it('times migrations as finished ones went', () => {
    // 4 GiB: 36.5 s at what frames leave of the link and 8 s; 68.7 s at half of it and 20 s
    expect(secondsOf(cloudWith([]), 'a', 'h2')).toBe(45);
    expect(secondsOf(cloudWith(halfLink()), 'a', 'h2')).toBe(89);
  });

  it('goes by those between the two hosts, else from the source, else by all', () => {
    const slow = halfLink({ destination: hostId('h2') });
    const slower = [1, 2, 3, 4, 5, 6].map((gib) =>
      finished(gib, 50_000 + gib * 1000, 50_000 + gib * 1000 + Math.round(20 + gib * 34.36), {
        destination: hostId('h3'),
      }),
    );
    const cloud = cloudWith([...slow, ...slower]);

    expect([secondsOf(cloud, 'a', 'h2'), secondsOf(cloud, 'a', 'h3')]).toEqual([89, 158]);
    expect(calibrationOf(cloud).between(hostId('h3'), hostId('h1'))).toBe(calibrationOf(cloud).whole);
    expect(secondsOf(cloudWith(slow), 'b', 'h1')).toBe(89);
  });

  it('needs five that were done, live, between hosts that are there, and say what they sent', () => {
    expect(efficiencyIn(halfLink())).toBeCloseTo(0.5, 2);
    expect(efficiencyIn(halfLink().slice(2))).toBeUndefined();
    expect(efficiencyIn(halfLink({ status: 'error' }))).toBeUndefined();
    expect(efficiencyIn(halfLink({ type: 'migration' }))).toBeUndefined();
    expect(efficiencyIn(halfLink({ memoryProcessedMiB: 0 }))).toBeUndefined();
    expect(efficiencyIn(halfLink({ destination: hostId('h9') }))).toBeUndefined();
  });

  it('counts no time that they waited for each other on one source', () => {
    let ended = 0;
    const queued = [1, 2, 3, 4, 5, 6].map((gib) => {
      ended += Math.round(20 + gib * 17.18);
      return finished(gib, 0, ended);
    });

    expect(efficiencyIn(queued)).toBeCloseTo(0.5, 2);
    // where several may run at once nobody knows how they shared the way
    const config = { ...someConfig, maxConcurrentLiveMigrations: { value: 3, known: true } };
    expect(efficiencyIn(queued, { config })).toBeUndefined();
    expect(efficiencyIn(halfLink(), { config })).toBeCloseTo(0.5, 2);
  });

  it('counts the disks that were copied too', () => {
    const halves = halfLink().map((one) => ({
      ...one,
      memoryProcessedMiB: (one.memoryProcessedMiB ?? 0) / 2,
      diskTotalMiB: (one.memoryProcessedMiB ?? 0) / 2,
    }));

    expect(efficiencyIn(halves)).toBeCloseTo(0.5, 2);
  });
});
