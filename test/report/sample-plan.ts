import { hostId, serverId } from '../../src/model/ids.ts';
import type { ConfirmStep, MigrationStep, Plan, ServiceStep, Step } from '../../src/plan/plan.ts';
import { withPlanId } from '../../src/plan/plan-id.ts';
import { timetableOf } from '../../src/plan/timetable.ts';
import { aCloud, zedProfile } from '../support/builders.ts';

type Given<Value> = Partial<Value>;

/** A live migration of `s-web-1` from `h1` to `h2` unless told otherwise. */
export function aMigration(given: Given<MigrationStep> = {}): MigrationStep {
  const kind = given.kind ?? 'live';
  const server = given.server ?? serverId('s-web-1');
  const to = given.to ?? hostId('h2');
  return {
    id: 's1',
    kind,
    server,
    serverName: 'web-1',
    from: hostId('h1'),
    to,
    storage: 'shared',
    forced: false,
    stopOver: false,
    timeoutPolicy: 'abort',
    requestAfter: [],
    dependsOn: [],
    wave: 1,
    microversion: kind === 'cold' ? '2.56' : '2.68',
    reason: 'frees h1',
    undo: {
      kind: 'possible',
      how: 'live-migrate it back to h1',
      until: 'h1 keeps room for it',
      needs: ['room on h1'],
    },
    guards: [
      { kind: 'server-on-host', server, host: given.from ?? hostId('h1') },
      { kind: 'server-status', server, status: 'ACTIVE' },
      { kind: 'service', host: to, status: 'enabled', state: 'up' },
      { kind: 'free', host: to, resource: 'VCPU', atLeast: 4 },
    ],
    predicted: {
      cells: [{ hostCellId: 1, pinnedCpuCount: 4, pageSizeKiB: 1_048_576 }],
      bytes: 8 * 2 ** 30,
      seconds: { low: 20, expected: 60, high: 200 },
      downtimeMs: 300,
    },
    startSeconds: 0,
    endSeconds: 60,
    ...given,
  };
}

/** Confirms step `s1`. */
export function aConfirm(given: Given<ConfirmStep> = {}): ConfirmStep {
  return {
    id: 's2',
    kind: 'confirm',
    server: serverId('s-web-1'),
    serverName: 'web-1',
    of: 's1',
    confirmPolicy: 'after-check',
    requestAfter: [],
    dependsOn: [{ step: 's1', reason: 'it has to be there' }],
    wave: 1,
    startSeconds: 60,
    endSeconds: 65,
    microversion: '2.56',
    reason: 'frees the source of the cold migration',
    undo: { kind: 'none', because: 'a confirmed cold migration can only be followed by another one' },
    guards: [],
    ...given,
  };
}

/** Disables `h1`. */
export function aServiceStep(given: Given<ServiceStep> = {}): ServiceStep {
  return {
    id: 'd1',
    kind: 'disable-service',
    host: hostId('h1'),
    disabledReason: 'emptied by consolidate',
    requestAfter: [],
    dependsOn: [],
    wave: 1,
    startSeconds: 0,
    endSeconds: 0,
    microversion: '2.53',
    reason: 'keeps new servers off h1 while it is emptied',
    undo: { kind: 'possible', how: 'enable nova-compute on h1', until: 'at any time', needs: [] },
    guards: [],
    ...given,
  };
}

/** A plan of these steps, with the id that belongs to it. */
export function aPlan(steps: readonly Step[], given: Given<Omit<Plan, 'id'>> = {}): Plan {
  const migrations = steps.filter(
    (step): step is MigrationStep => step.kind === 'live' || step.kind === 'cold',
  );
  return withPlanId({
    formatVersion: 1,
    kind: 'plan',
    basedOn: {
      inventoryDigest: '51c0'.repeat(16),
      capturedAt: '2026-02-14T22:00:00Z',
      planner: '0.1.0',
      profile: 'zed',
      release: { novaMajors: zedProfile.novaMajors, switches: zedProfile.switches },
      goal: {
        name: 'consolidate',
        description: '',
        spareHosts: 1,
        headroomPercent: 0,
        disableEmptied: true,
        terms: [
          { kind: 'hosts-used', weight: 3200 },
          { kind: 'migration-cost', perMove: 32, perGiB: 1 },
        ],
      },
      seed: 1,
      effort: 10,
      solver: 'highs',
      options: {
        allow: ['cold'],
        unknown: 'assume',
        exclude: [],
        only: [],
        minGain: 0,
        spareHosts: 1,
        headroomPercent: 0,
        reEnable: false,
        drain: [],
      },
    },
    assumptions: [],
    objective: {
      before: 6400,
      after: 3240,
      terms: [
        { kind: 'hosts-used', before: 6400, after: 3200 },
        { kind: 'migration-cost', before: 0, after: 40 },
      ],
      bound: 3240,
      gap: 0,
      outcome: 'optimal',
      rounds: 3,
    },
    summary: {
      hostsFreed: [hostId('h1')],
      spareHosts: [],
      moves: new Set(migrations.map((step) => step.server)).size,
      liveMigrations: migrations.filter((step) => step.kind === 'live').length,
      coldMigrations: migrations.filter((step) => step.kind === 'cold').length,
      stopOvers: migrations.filter((step) => step.stopOver).length,
      memoryGiB: 8,
      diskGiB: 0,
      expectedSeconds: 60,
      violationsBefore: 0,
      violationsAfter: 0,
    },
    timetable: timetableOf(steps, aCloud()),
    steps,
    warnings: [],
    notDone: [],
    ...given,
  });
}
