import type { PageData, PageStep } from '../../report/page/page-data.ts';

/** What the table of steps is narrowed to; an empty text or undefined narrows nothing. */
export interface StepFilter {
  readonly search: string;
  readonly kind?: PageStep['kind'] | undefined;
  readonly wave?: number | undefined;
  /** Part of the name of the host that a step leaves, reaches or serves. */
  readonly host: string;
  /** A freed host, by index: the steps that empty it. */
  readonly freed?: number | undefined;
}

export type SortKey =
  'order' | 'kind' | 'server' | 'from' | 'to' | 'wave' | 'starts' | 'takes' | 'bytes' | 'downtime';

export interface Sort {
  readonly key: SortKey;
  readonly descending: boolean;
}

export const noFilter: StepFilter = { search: '', host: '' };

/** Steps that pass, by index, sorted; equal ones stay in the order of the plan. */
export function chooseSteps(data: PageData, filter: StepFilter, sort: Sort): readonly number[] {
  const search = filter.search.trim().toLowerCase();
  const host = filter.host.trim().toLowerCase();
  const chosen = [...data.steps.keys()].filter((i) => {
    const step = data.steps[i];
    return (
      step !== undefined &&
      (filter.kind === undefined || step.kind === filter.kind) &&
      (filter.wave === undefined || step.wave === filter.wave) &&
      (filter.freed === undefined || step.from === filter.freed) &&
      (host === '' || hostNames(data, step).some((name) => name.includes(host))) &&
      (search === '' || haystack(data, step).includes(search))
    );
  });
  return sortSteps(data, chosen, sort);
}

function sortSteps(data: PageData, chosen: number[], { key, descending }: Sort): readonly number[] {
  if (key === 'order') return descending ? chosen.toReversed() : chosen;
  const values = new Map(chosen.map((i) => [i, valueOf(data, data.steps[i], key)]));
  const sign = descending ? -1 : 1;
  return chosen.sort((one, other) => sign * compare(values.get(one), values.get(other))); // stable: equal ones keep their order
}

/** Names as numbers in them count: `cmp-2` before `cmp-10`. What is absent comes first. */
const byName = new Intl.Collator('en', { numeric: true });

function compare(one: string | number | undefined, other: string | number | undefined): number {
  if (typeof one === 'string' && typeof other === 'string') return byName.compare(one, other);
  return (typeof one === 'number' ? one : -1) - (typeof other === 'number' ? other : -1);
}

function valueOf(
  data: PageData,
  step: PageStep | undefined,
  key: Exclude<SortKey, 'order'>,
): string | number | undefined {
  if (step === undefined) return undefined;
  switch (key) {
    case 'kind':
      return step.kind;
    case 'server':
      return nameOf(data.servers, step.server) ?? '';
    case 'from':
      return nameOf(data.hosts, step.from) ?? '';
    case 'to':
      return nameOf(data.hosts, step.to) ?? '';
    case 'wave':
      return step.wave;
    case 'starts':
      return step.startSeconds;
    case 'takes':
      return step.endSeconds - step.startSeconds;
    case 'bytes':
      return step.bytes;
    case 'downtime':
      return step.downtimeMs;
  }
}

function nameOf(list: readonly { readonly name: string }[], index: number | undefined): string | undefined {
  return index === undefined ? undefined : list[index]?.name;
}

function hostNames(data: PageData, step: PageStep): readonly string[] {
  return [nameOf(data.hosts, step.from) ?? '', nameOf(data.hosts, step.to) ?? ''].map((n) => n.toLowerCase());
}

function haystack(data: PageData, step: PageStep): string {
  const server = step.server === undefined ? undefined : data.servers[step.server];
  const words = [step.id, server?.name ?? '', server?.id ?? '', data.texts[step.reason] ?? ''];
  return [...words, ...hostNames(data, step)].join('\n').toLowerCase();
}
