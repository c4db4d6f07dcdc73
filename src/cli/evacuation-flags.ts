import { type Command, Option } from 'commander';
import { isUp } from '../model/host.ts';
import type { Cloud } from '../model/cloud.ts';
import { hostId } from '../model/ids.ts';
import { type Selector, selectorOf } from '../model/named.ts';
import type { Importance } from '../planning/importance.ts';
import type { PlanningOptions } from '../planning/planning-request.ts';
import type { FlagReader } from './flag-reader.ts';
import { repeated } from './judging-flags.ts';
import { checkHosts, checkSelectors } from './selectors.ts';

/** What `planner evacuate` takes besides what planning takes, as commander gives it. */
export interface EvacuationFlags {
  readonly important: readonly string[];
  readonly assumeDown: readonly string[];
  readonly allOrNothing?: true;
}

/** Adds the options of an evacuation. */
export const addEvacuationOptions = (command: Command): Command =>
  command
    .addOption(
      repeated(
        '--important <tag[=weight]>',
        'servers of this tag first, and the room to them where it is short; KIND:VALUE too',
      ),
    )
    .addOption(
      repeated('--assume-down <host>', 'take this host for down, though the inventory says it is up'),
    )
    .addOption(new Option('--all-or-nothing', 'no plan where some of the servers would be left'));

/** The options of planning that they make for these hosts; what is wrong with them stands in the reader. */
export function readEvacuation(
  { important, assumeDown, allOrNothing }: EvacuationFlags,
  hosts: readonly string[],
  cloud: Cloud,
  read: FlagReader,
): Pick<PlanningOptions, 'evacuate' | 'assumeDown' | 'important' | 'allOrNothing'> {
  checkHosts('--assume-down', assumeDown, cloud, read);
  const ranks = readImportance(important, read);
  checkSelectors('--important', ranks.flat(), cloud, read);
  const assumed = new Set(assumeDown);
  for (const name of new Set(hosts)) {
    const service = cloud.hosts.get(hostId(name))?.service;
    if (service === undefined || !isUp(service) || assumed.has(name)) continue;
    const summary = `nova-compute is up there in the cloud captured at ${cloud.capturedAt}`;
    const hint = `import again when it is down, empty it with \`planner drain\`, or plan ahead with --assume-down ${name}`;
    read.refuse('HOST', name, summary, hint);
  }
  return {
    evacuate: [...new Set(hosts)].map(hostId),
    ...(assumed.size > 0 && { assumeDown: [...assumed].map(hostId) }),
    ...(ranks.length > 0 && { important: ranks }),
    ...(allOrNothing === true && { allOrNothing }),
  };
}

/** Kinds that say where a server runs, which is no importance of its own. */
const places: readonly Selector['kind'][] = ['host', 'aggregate', 'zone', 'rack'];

/** In the order in which they stand; with weights the heaviest first, and equal weights alike. */
function readImportance(texts: readonly string[], read: FlagReader): Importance {
  const wishes = texts.flatMap((text) => readWish(text, read) ?? []);
  const weighed = wishes.filter(({ weight }) => weight !== undefined).length;
  if (weighed > 0 && weighed < wishes.length) {
    const summary = 'some have a weight and some have none';
    read.refuse(
      '--important',
      texts.join(' '),
      summary,
      'give all of them a weight, or none: then their order counts',
    );
    return [];
  }
  if (weighed === 0) return wishes.map(({ selector }) => [selector]);
  const weights = [...new Set(wishes.map(({ weight = 0 }) => weight))].sort((a, b) => b - a);
  return weights.map((own) => wishes.flatMap(({ selector, weight }) => (weight === own ? [selector] : [])));
}

interface Wish {
  readonly selector: Selector;
  readonly weight: number | undefined;
}

/** `db`, `db=10`, `metadata:tier=gold`, `metadata:tier=gold=10`. */
function readWish(text: string, read: FlagReader): Wish | undefined {
  const named = selectorOf(text);
  const isMetadata = named?.kind === 'metadata';
  const weighed = (isMetadata ? /^(.+=.*)=(\d+)$/ : /^(.+)=(\d+)$/).exec(text);
  const [, what = text, weight] = weighed ?? [];
  const selector = selectorOf(what) ?? { kind: 'tag', value: what };
  if (selector.value === '' || places.includes(selector.kind)) {
    const summary = selector.value === '' ? 'names nothing' : 'says where servers run, not which';
    read.refuse('--important', text, summary, 'write a tag, such as db or db=10, or metadata:KEY=VALUE');
    return undefined;
  }
  return { selector, weight: weight === undefined ? undefined : Number(weight) };
}
