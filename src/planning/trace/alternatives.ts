import type { Way } from '../../constraints/context.ts';
import type { RuleContext } from '../../constraints/context.ts';
import type { Assignment } from '../../model/cloud.ts';
import { currentAssignment } from '../../model/cloud.ts';
import type { HostId, ServerId } from '../../model/ids.ts';
import type { Server } from '../../model/server.ts';
import { createObjective } from '../../objective/evaluate.ts';
import type { MigrationVolume } from '../../objective/evaluation.ts';
import { factsOf } from '../../objective/measure.ts';
import { chooseBest, prioritiesOf, type Values, valuesOf } from '../../objective/priorities.ts';
import { createWhatIf } from '../../objective/what-if.ts';
import type { Plan } from '../../plan/plan.ts';
import { isMigration } from '../../plan/run-steps.ts';
import { stepVolume } from '../../plan/step-volume.ts';
import { at } from '../../shared/at.ts';
import { groupBy } from '../../shared/collections.ts';
import type { HostAnswer } from '../explain/explanation.ts';
import type { Alternative, Change } from './plan-trace.ts';

/** What the goal of a plan says of one server that ends elsewhere, all others as planned. */
export interface Alternatives {
  /** It stays where it was. */
  staying(server: Server): Change | undefined;
  /** The best of the hosts that take it for the last of its migrations, or for one more; undefined without any. */
  best(server: Server, hosts: readonly HostAnswer[], from: HostId, instead: boolean): Alternative | undefined;
}

/** @param end where the plan leaves each server */
export function alternativesOf(plan: Plan, end: Assignment, context: RuleContext): Alternatives {
  const { goal } = plan.basedOn;
  const { cloud, demands } = context;
  const start = currentAssignment(cloud);
  const volumes = plan.steps.filter(isMigration).flatMap((step) => {
    const server = cloud.servers.get(step.server);
    return server === undefined ? [] : [stepVolume(step, server, goal, context)];
  });
  const ofServer = groupBy(volumes, ({ server }) => server);
  const migrationsOf = (server: ServerId): readonly MigrationVolume[] => ofServer.get(server) ?? [];
  const whatIf = createWhatIf(goal, factsOf(goal, cloud, demands), { start, end, migrationsOf });
  const planned = valuesOf(createObjective(goal, cloud, demands).evaluate(start, end, volumes));
  const priorities = prioritiesOf(goal);
  const changeOf = (shifts: readonly number[]): Change => ({
    objective: priorities.map(({ indices }, k) => {
      const value = at(planned, k);
      return { planned: value, changed: value + indices.reduce((sum, index) => sum + at(shifts, index), 0) };
    }),
    terms: goal.terms
      .map(({ kind }, index) => ({ kind, by: at(shifts, index) }))
      .filter(({ by }) => Math.abs(by) > leastShown),
  });
  return {
    staying({ id }) {
      const home = start.get(id);
      return home === undefined || home === end.get(id) ? undefined : changeOf(whatIf(id, home, []));
    },
    best(server, hosts, from, instead) {
      const known = migrationsOf(server.id);
      const kept = instead ? known.slice(0, -1) : known;
      const volumeOf = ({ method: kind, storage }: Way): MigrationVolume =>
        stepVolume({ kind, from, storage }, server, goal, context);
      const candidates = hosts.map((answer) => ({
        host: answer.host,
        change: changeOf(whatIf(server.id, answer.host, [...kept, volumeOf(answer)])),
      }));
      const { best } = chooseBest(priorities, candidates, ({ change }) => changedValues(change));
      return best === undefined ? undefined : { kind: 'host', ...best };
    },
  };
}

/** Less is rounding. */
const leastShown = 1e-6;

const changedValues = ({ objective }: Change): Values => objective.map(({ changed }) => changed);
