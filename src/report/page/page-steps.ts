import type { Guard, MigrationStep, Step } from '../../plan/plan.ts';
import { dataSize, decimal, duration } from '../words.ts';
import { isMigration } from '../step-words.ts';
import type { Places } from './page-cloud.ts';
import type { PageStep } from './page-data.ts';
import type { Texts } from './texts.ts';
import { nameOf } from './texts.ts';

/** The steps of a plan in the numbers of the page. */
export function pageSteps(steps: readonly Step[], places: Places, texts: Texts): readonly PageStep[] {
  return steps.map((step) => ({
    id: step.id,
    kind: step.kind,
    wave: step.wave,
    startSeconds: step.startSeconds,
    endSeconds: step.endSeconds,
    ...subjects(step, places),
    ...(isMigration(step) && { bytes: step.predicted.bytes, downtimeMs: step.predicted.downtimeMs }),
    reason: texts.put(step.reason),
    waitsFor: waitsFor(step, places, texts),
    facts: stepFacts(step).flatMap(([label, words]) => [texts.put(label), texts.put(words)]),
    ...wayBack(step, places),
    ...(isMigration(step) && step.stopOver && { stopOver: true as const }),
    ...(isMigration(step) && step.forced && { forced: true as const }),
  }));
}

function subjects(step: Step, { host, server }: Places): Pick<PageStep, 'server' | 'from' | 'to'> {
  const of = 'server' in step ? server.get(step.server) : undefined;
  const from = isMigration(step) ? step.from : 'host' in step ? step.host : undefined;
  const [at, to] = [
    from === undefined ? undefined : host.get(from),
    isMigration(step) ? host.get(step.to) : undefined,
  ];
  return {
    ...(of !== undefined && { server: of }),
    ...(at !== undefined && { from: at }),
    ...(to !== undefined && { to }),
  };
}

function waitsFor(
  { dependsOn, requestAfter }: Step,
  { step: places }: Places,
  texts: Texts,
): PageStep['waitsFor'] {
  const ended = dependsOn.flatMap(({ step: id, reason }) => {
    const step = places.get(id);
    return step === undefined ? [] : [{ step, until: 'ended' as const, why: texts.put(reason) }];
  });
  const requested = requestAfter.flatMap((id) => {
    const step = places.get(id);
    return step === undefined ? [] : [{ step, until: 'requested' as const }];
  });
  return [...ended, ...requested];
}

/** −1 where there is no way back from the start. */
function wayBack({ undo }: Step, { step: places }: Places): Pick<PageStep, 'noWayBackFrom'> {
  if (undo.kind === 'none') return { noWayBackFrom: -1 };
  const step = undo.untilStep === undefined ? undefined : places.get(undo.untilStep);
  return step === undefined ? {} : { noWayBackFrom: step };
}

type Fact = readonly [label: string, words: string];

function stepFacts(step: Step): readonly Fact[] {
  return [
    ...(isMigration(step) ? migrationFacts(step) : []),
    ...(step.kind === 'confirm' ? [['confirmed', confirmWords[step.confirmPolicy]] as const] : []),
    ...needsFacts(step),
    ...wayBackFacts(step),
    ['microversion', step.microversion],
  ];
}

const confirmWords = {
  auto: 'as soon as the server is there',
  'after-check': 'after the check of the guest',
  manual: 'by hand',
} as const;

function migrationFacts({ storage, timeoutPolicy, predicted, kind }: MigrationStep): readonly Fact[] {
  const { bytes, cells, downtimeHighMs, downtimeMs, seconds } = predicted;
  const worst =
    downtimeHighMs === undefined || downtimeHighMs === downtimeMs
      ? ''
      : ` (at worst ${milliseconds(downtimeHighMs)})`;
  const numa = cells.map(({ hostCellId, pinnedCpuCount, pageSizeKiB }) => {
    const pages = pageSizeKiB === undefined ? '' : `, pages of ${pageSizeKiB} KiB`;
    return `cell ${hostCellId} (${pinnedCpuCount} pinned CPUs${pages})`;
  });
  return [
    ['copies', `${dataSize(bytes)}, ${storage} storage`],
    ['takes', `${duration(seconds.expected)} (${duration(seconds.low)} to ${duration(seconds.high)})`],
    ['down for', `${milliseconds(downtimeMs)}${worst}`],
    ...(numa.length === 0 ? [] : [['NUMA cells there', numa.join(', ')] as const]),
    ...(kind === 'live' ? [['when it takes too long', timeoutWords[timeoutPolicy]] as const] : []),
  ];
}

const timeoutWords = {
  abort: 'it is aborted, and the server stays where it is',
  'force-complete': 'it is forced to complete',
  wait: 'the run waits',
} as const;

const milliseconds = (count: number): string =>
  count < 2000 ? `${decimal(count, 0)} ms` : duration(count / 1000);

/** What must still be true; where the page says it already, in words that many steps share. */
function needsFacts({ guards }: Step): readonly Fact[] {
  const free = guards.flatMap((guard) =>
    guard.kind === 'free' ? [`${decimal(guard.atLeast, 2)} ${guard.resource}`] : [],
  );
  const others = guards.flatMap(guardWords);
  return [
    ...(free.length === 0 ? [] : [['needs free there', free.join(', ')] as const]),
    ...(others.length === 0 ? [] : [['needs', others.join('; ')] as const]),
  ];
}

function guardWords(guard: Guard): readonly string[] {
  switch (guard.kind) {
    case 'server-on-host':
    case 'free':
      return [];
    case 'server-status':
      return [`status ${guard.status}`];
    case 'server-flavor':
      return [`flavor ${nameOf(guard.flavor)} (${guard.vcpus} VCPUs, ${guard.memoryMiB} MiB)`];
    case 'service':
      return [`${nameOf(guard.host)} ${guard.status} and ${guard.state}`];
    case 'group-members':
      return [`at most ${guard.atMost} members of group ${nameOf(guard.group)} on ${nameOf(guard.host)}`];
    case 'runs-only':
      return [
        `nothing on ${nameOf(guard.host)}${guard.servers.length === 0 ? '' : ` but ${guard.servers.map(nameOf).join(', ')}`}`,
      ];
  }
}

function wayBackFacts({ undo }: Step): readonly Fact[] {
  if (undo.kind === 'none') return [['way back', `none: ${undo.because}`]];
  return [
    ['way back', `${undo.how}, until ${undo.until}`],
    ...(undo.needs.length === 0 ? [] : [['which needs', undo.needs.join(', ')] as const]),
  ];
}
