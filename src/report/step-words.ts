import type { MigrationStep, Plan, Step } from '../plan/plan.ts';
import { groupBy } from '../shared/collections.ts';
import { showName } from '../shared/text.ts';
import { dataSize, duration, nameList } from './words.ts';

/** What a table of steps says of one step; every text is safe to print, and empty where it says nothing. */
export interface StepWords {
  readonly id: string;
  readonly wave: number;
  readonly what: string;
  readonly server: string;
  readonly from: string;
  readonly to: string;
  readonly copies: string;
  readonly takes: string;
  /** Steps that it waits for. */
  readonly after: string;
  /** The step that closes the way back, or `none`; empty where no step of the plan does. */
  readonly back: string;
}

/** The steps in words, by wave and within a wave in the order of their requests. */
export function stepsInWords(plan: Plan): StepWords[] {
  const nameOf = serverNames(plan);
  return plan.steps
    .map((step) => ({
      ...stepInWords(step, nameOf),
      id: step.id,
      wave: step.wave,
      after: waitsFor(step).join(' '),
      back: backOf(step),
    }))
    .toSorted((a, b) => a.wave - b.wave); // stable
}

/** What names a server in a plan: its name, with the id where it has no name or is shown as another is. */
export function serverNames(plan: Plan): (step: Extract<Step, { readonly server: string }>) => string {
  const ids = new Map<string, Set<string>>();
  for (const step of plan.steps) {
    if (!('server' in step)) continue;
    const name = showName(step.serverName);
    ids.set(name, (ids.get(name) ?? new Set()).add(step.server));
  }
  return ({ server, serverName }) => {
    if (serverName === '') return showName(server);
    const name = showName(serverName);
    return (ids.get(name)?.size ?? 0) > 1 ? `${name} (${showName(server)})` : name;
  };
}

/** True for the steps that carry a server to another host. */
export const isMigration = (step: Step): step is MigrationStep =>
  step.kind === 'live' || step.kind === 'cold' || step.kind === 'evacuate';

type Words = Omit<StepWords, 'id' | 'wave' | 'after' | 'back'>;
const nothing: Words = { what: '', server: '', from: '', to: '', copies: '', takes: '' };

function stepInWords(step: Step, nameOf: ReturnType<typeof serverNames>): Words {
  if (isMigration(step)) {
    return {
      what: step.stopOver ? `${step.kind}, stop-over` : step.kind,
      server: nameOf(step),
      from: showName(step.from),
      to: showName(step.to),
      copies: dataSize(step.predicted.bytes),
      takes: duration(step.predicted.seconds.expected),
    };
  }
  switch (step.kind) {
    case 'confirm':
      return { ...nothing, what: `confirm ${step.of}`, server: nameOf(step) };
    case 'stop':
    case 'start':
      return { ...nothing, what: step.kind, server: nameOf(step) };
    case 'disable-service':
      return { ...nothing, what: 'disable', from: showName(step.host) };
    case 'enable-service':
      return { ...nothing, what: 'enable', from: showName(step.host) };
    case 'wait':
      return { ...nothing, what: 'wait', takes: duration(step.seconds) };
  }
}

const waitsFor = (step: Step): string[] => [
  ...new Set([...step.dependsOn.map((dependency) => dependency.step), ...step.requestAfter]),
];

const backOf = ({ undo }: Step): string =>
  undo.kind === 'none' ? 'none' : undo.untilStep === undefined ? '' : `until ${undo.untilStep}`;

/** Steps after which there is no way back, by the reason. */
export function noReturnTexts(steps: readonly Step[]): string[] {
  const none = steps.flatMap(({ id, undo }) => (undo.kind === 'none' ? [{ id, because: undo.because }] : []));
  return [...groupBy(none, ({ because }) => because)].map(
    ([because, alike]) => `${because} (${nameList(alike.map(({ id }) => id))})`,
  );
}

/** A step in a few words. */
export function stepWord(step: Step, nameOf: ReturnType<typeof serverNames>): string {
  const { what, server, from, to } = stepInWords(step, nameOf);
  const way = [from, to].filter((host) => host !== '').join(' -> ');
  return [what, server, way].filter((part) => part !== '').join(' ');
}
