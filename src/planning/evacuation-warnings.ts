import type { HostId } from '../model/ids.ts';
import type { Step, Warning } from '../plan/plan.ts';
import { isMigration } from '../plan/run-steps.ts';
import { firstOf } from '../shared/text.ts';
import type { Run } from './run.ts';

/** What is to be done besides: before a plan evacuates a host, and when that host comes back. */
export function evacuationWarnings({ request }: Run, steps: readonly Step[]): readonly Warning[] {
  const { assumeDown = [] } = request.options;
  const evacuations = steps.filter(isMigration).filter(({ kind }) => kind === 'evacuate');
  const hosts = [...new Set(evacuations.map(({ from }) => from))].toSorted();
  if (hosts.length === 0) return [];
  const names = firstOf(hosts);
  const texts = [
    `nothing may run any more on ${names}: switch ${it(hosts)} off before the plan is carried out, and tell \`planner run\` with --fenced; two copies of a server on one disk destroy it`,
    `when ${names} ${hosts.length === 1 ? 'comes' : 'come'} back: nova-compute deletes there what was evacuated as it starts, and the evacuations go from done to completed; then \`planner undrain ${hosts.join(' ')}\``,
    ...(assumeDown.length === 0
      ? []
      : [
          `the inventory says that nova-compute is up on ${firstOf(assumeDown)}: Nova evacuates nobody before it is down`,
        ]),
  ];
  return texts.map((text) => ({ code: 'plan.evacuated-host', text, steps: [] }));
}

const it = (hosts: readonly HostId[]): string => (hosts.length === 1 ? 'it' : 'them');
