import type { RuleContext } from '../constraints/context.ts';
import { suppliesOf } from '../model/fact-sources.ts';
import type { ServerId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import type { Assumption, MigrationStep } from '../plan/plan.ts';
import { assumedEfficiency } from '../replay/transfer/bandwidth.ts';
import { calibrationOf } from '../replay/transfer/calibration.ts';
import { assumedDirtyShare } from '../replay/transfer/contents.ts';
import type { Fit } from '../replay/transfer/fit.ts';
import { assumedOverhead } from '../replay/transfer/overhead.ts';

/** What the times of a plan's live migrations rest on: facts of its servers, and how fast the network is. */
export function timingAssumptions(
  steps: readonly MigrationStep[],
  { cloud }: RuleContext,
): readonly Assumption[] {
  const live = steps.filter(({ kind }) => kind === 'live');
  const calibration = calibrationOf(cloud);
  const fits = new Set(live.map(({ from, to }) => calibration.between(from, to)));
  const servers = new Map(live.map((step) => [step.server, step] as const));
  return [
    ...[...fits].map((fit) => assumption(timedBy(fit), fit === undefined ? ['migrations'] : [], [])),
    ...facts.flatMap(({ fact, text, concerns }) => {
      const lacking = [...servers].flatMap(([id, { storage }]) => {
        const server = cloud.servers.get(id);
        return server !== undefined && concerns(server, storage) ? [id] : [];
      });
      return lacking.length === 0 ? [] : [assumption(text, [`servers[].${fact}`], lacking)];
    }),
  ];
}

/** How fast live migrations are taken to be, in words. */
export function timedBy(fit: Fit | undefined): string {
  const { efficiency, overhead, samples } =
    fit === undefined
      ? { efficiency: assumedEfficiency, overhead: assumedOverhead.expected, samples: undefined }
      : { efficiency: fit.efficiency, overhead: fit.overheadSeconds, samples: fit.samples };
  const speed = `${percent(efficiency.expected)} of the bandwidth (${percent(efficiency.high)} at worst) and ${Math.round(overhead)} s besides`;
  return samples === undefined
    ? `live migrations are taken to get ${speed}`
    : `live migrations are timed by ${samples} finished ones, which got ${speed}`;
}

interface Fact {
  readonly fact: 'dirtyRateMiBps' | 'residentMemoryMiB' | 'workingSetMiB' | 'diskWriteMiBps';
  readonly text: string;
  readonly concerns: (server: Server, storage: MigrationStep['storage']) => boolean;
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

const facts: readonly Fact[] = [
  {
    fact: 'dirtyRateMiBps',
    text: `they write memory at ${percent(assumedDirtyShare.expected)} of what the network carries, ${percent(assumedDirtyShare.high)} at worst`,
    concerns: ({ dirtyRateMiBps }) => dirtyRateMiBps === undefined,
  },
  {
    fact: 'residentMemoryMiB',
    text: 'all memory of their flavors is copied, or what the guests say they use; at worst all',
    concerns: ({ residentMemoryMiB }) => residentMemoryMiB === undefined,
  },
  {
    fact: 'workingSetMiB',
    text: 'they may write all of their memory over and over',
    concerns: ({ dirtyRateMiBps, workingSetMiB }) =>
      dirtyRateMiBps !== undefined && workingSetMiB === undefined,
  },
  {
    fact: 'diskWriteMiBps',
    text: 'they write nothing to local disks while these are copied',
    concerns: ({ diskWriteMiBps }, storage) => storage === 'block' && diskWriteMiBps === undefined,
  },
];

const assumption = (text: string, missing: readonly string[], servers: readonly ServerId[]): Assumption => ({
  rule: 'transfer',
  text,
  missing,
  supply: suppliesOf(missing),
  servers: servers.toSorted(),
});
