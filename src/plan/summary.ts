import type { RuleContext } from '../constraints/context.ts';
import type { HostId } from '../model/ids.ts';
import { migrationVolume } from '../objective/volume.ts';
import type { StateView } from '../constraints/state-view.ts';
import { latestEnd } from '../shared/latest-end.ts';
import type { PlanSummary, Step } from './plan.ts';
import { isMigration } from './run-steps.ts';

/** The figures of a plan, from its steps and the state that they leave behind. */
export function summarise(
  steps: readonly Step[],
  { cloud }: RuleContext,
  end: StateView,
  violationsBefore: number,
  violationsAfter: number,
): PlanSummary {
  const migrations = steps.filter(isMigration);
  const volumes = migrations.flatMap((step) => {
    const server = cloud.servers.get(step.server);
    return server === undefined ? [] : [migrationVolume(server, step.storage)];
  });
  const usedBefore = new Set([...cloud.servers.values()].map((server) => server.host));
  const hostsFreed = freedHosts(steps, end).filter((host) => usedBefore.has(host));
  const evacuations = migrations.filter((step) => step.kind === 'evacuate').length;
  return {
    hostsFreed,
    spareHosts: hostsFreed.filter((host) => end.serviceStatus(host) === 'enabled'),
    moves: new Set(migrations.map((step) => step.server)).size,
    liveMigrations: migrations.filter((step) => step.kind === 'live').length,
    coldMigrations: migrations.filter((step) => step.kind === 'cold').length,
    ...(evacuations > 0 && { evacuations }),
    stopOvers: migrations.filter((step) => step.stopOver).length,
    memoryGiB: Math.round(volumes.reduce((sum, v) => sum + v.memoryMiB, 0) / 1024),
    diskGiB: volumes.reduce((sum, v) => sum + v.diskGiB, 0),
    expectedSeconds: latestEnd(steps),
    violationsBefore,
    violationsAfter,
  };
}

/** Hosts that servers left and on which nothing is at the end, ascending. */
function freedHosts(steps: readonly Step[], end: StateView): readonly HostId[] {
  const left = new Set(steps.filter(isMigration).map((step) => step.from));
  return [...left].filter((host) => end.claimsOn(host).length === 0).toSorted();
}
