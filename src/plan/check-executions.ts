import type { RuleContext } from '../constraints/context.ts';
import { settingOf } from '../constraints/settings.ts';
import type { Cloud } from '../model/cloud.ts';
import type { HostId } from '../model/ids.ts';
import { isCellular } from '../replay/cellular.ts';
import type { State } from '../replay/state.ts';
import { groupBy } from '../shared/collections.ts';
import type { Finding } from './finding.ts';
import { linkUses } from './link-uses.ts';
import type { MigrationStep, Plan, Step } from './plan.ts';
import { isMigration } from './run-steps.ts';
import { type Settled, settledOf } from './settled.ts';
import { type Holder, uncovered } from './uncovered.ts';

/**
 * The waits of a plan hold however long its steps take: no execution that keeps them takes more slots or bandwidth than
 * there is, or runs more migrations at a time than the operator asked for, and arrivals come to each host in one order.
 */
export function checkExecutions({ steps, basedOn: { options } }: Plan, cloud: Cloud): readonly Finding[] {
  const settled = settledOf(steps);
  const migrations = steps.filter(isMigration);
  return [
    ...checkOrder(migrations, settled),
    ...checkOutbound(migrations, cloud, settled),
    ...checkInbound(migrations, options.maxInbound, settled),
    ...checkLinks(steps, cloud, settled),
    ...tooMany(migrations, options.maxParallel, settled, 'migrations may run at the same time'),
  ];
}

/** Every arrival is requested after the one before it on its host. */
function checkOrder(migrations: readonly MigrationStep[], settled: Settled): readonly Finding[] {
  return [...groupBy(migrations, (step) => step.to)].flatMap(([host, arrivals]) =>
    arrivals.flatMap(({ id }, index): readonly Finding[] => {
      const before = arrivals[index - 1];
      if (before === undefined || settled.isRequested(before.id, id)) return [];
      return [orderFinding(id, `may be requested before ${before.id}, which goes to ${host} too`)];
    }),
  );
}

/**
 * Servers that take NUMA cells or devices find the same of them in every execution: such an arrival waits until those
 * that leave its host have left, and such a departure is requested after the last arrival on its host.
 */
export function checkCellOrder(
  steps: readonly Step[],
  state: State,
  { cloud }: RuleContext,
): readonly Finding[] {
  const settled = settledOf(steps);
  const cellular = steps.filter(isMigration).filter(({ server: id }) => {
    const server = cloud.servers.get(id);
    return server !== undefined && isCellular(server, state);
  });
  const freedBy = new Map(
    steps.flatMap((step) => (step.kind === 'confirm' ? [[step.of, step.id] as const] : [])),
  );
  const arrivals = new Map<HostId, string>();
  const departures = new Map<HostId, string[]>();
  const findings: Finding[] = [];
  for (const { id, from, to } of cellular) {
    const arrived = arrivals.get(from);
    if (arrived !== undefined && !settled.isRequested(arrived, id))
      findings.push(
        orderFinding(id, `may leave ${from} before ${arrived} chooses NUMA cells or devices there`),
      );
    const leaving = departures.get(to)?.find((freed) => !settled.hasEnded(freed, id));
    if (leaving !== undefined)
      findings.push(
        orderFinding(id, `may choose NUMA cells or devices on ${to} before or after ${leaving} ends`),
      );
    arrivals.set(to, id);
    departures.set(from, [...(departures.get(from) ?? []), freedBy.get(id) ?? id]);
  }
  return findings;
}

const orderFinding = (step: string, text: string): Finding => ({
  code: 'waits',
  step,
  text: `${text}: nothing makes it wait`,
});

/** Nova's own limit, which holds for live migrations; 0 is none. */
function checkOutbound(
  migrations: readonly MigrationStep[],
  cloud: Cloud,
  settled: Settled,
): readonly Finding[] {
  const live = migrations.filter((step) => step.kind === 'live');
  return [...groupBy(live, (step) => step.from)].flatMap(([host, leaving]) => {
    const limit = settingOf(cloud.hosts.get(host), cloud, 'maxConcurrentLiveMigrations');
    return tooMany(leaving, limit, settled, `migrations may leave ${host} at the same time`);
  });
}

/** What the operator allows. */
const checkInbound = (
  migrations: readonly MigrationStep[],
  limit: number | undefined,
  settled: Settled,
): readonly Finding[] =>
  [...groupBy(migrations, (step) => step.to)].flatMap(([host, coming]) =>
    tooMany(coming, limit, settled, `migrations may come to ${host} at the same time`),
  );

function tooMany(
  migrations: readonly MigrationStep[],
  limit: number | undefined,
  { hasEnded }: Settled,
  words: string,
): readonly Finding[] {
  if (limit === undefined || limit <= 0) return [];
  const holders = migrations.map(({ id }): Holder => ({ step: id, amount: 1 }));
  return uncovered(holders, limit, hasEnded).map(({ step, atMost }) =>
    waitFinding(step, `${atMost} ${words}`, atMost, limit),
  );
}

function checkLinks(steps: readonly Step[], cloud: Cloud, { hasEnded }: Settled): readonly Finding[] {
  return linkUses(steps, cloud).flatMap(({ link: { capacityMbps, label }, uses }) =>
    uncovered(uses, capacityMbps, hasEnded).map(({ step, atMost }) =>
      waitFinding(step, `${atMost} Mbit/s may cross the ${label}`, atMost, capacityMbps),
    ),
  );
}

const waitFinding = (step: string, text: string, measured: number, limit: number): Finding => ({
  code: 'waits',
  step,
  text: `${text}, limit ${limit}: it waits for too little`,
  measured,
  limit,
});
