import { waysOf } from '../constraints/context.ts';
import type { Unknown } from '../constraints/rule.ts';
import type { StateView } from '../constraints/state-view.ts';
import { cloudIndex } from '../model/cloud-index.ts';
import { suppliesOf } from '../model/fact-sources.ts';
import type { ServerId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import { unmeasuredBy } from '../objective/measured.ts';
import type { Assumption, MigrationStep } from '../plan/plan.ts';
import type { Assumed } from '../replay/legality.ts';
import { compareText } from '../shared/collections.ts';
import type { Run } from './run.ts';
import { timingAssumptions } from './timing-assumptions.ts';
import { assumedSettings } from './assumed-settings.ts';
import { unreadCriteria } from './unread-criteria.ts';

/** What is assumed of one server, in a rule's words. */
export interface AssumedOf {
  readonly server: ServerId;
  readonly by: Assumed;
}

/** How many other hosts a server that stays is asked about: what is unknown of it, is so on most. */
const hostsAsked = 2;

/**
 * What the plan rests on: assumptions that let servers move, and unknown facts that keep servers where they are.
 * `today` is the state before the plan; settings and times count for plans that migrate something.
 */
export function assumptionsOf(
  moving: readonly AssumedOf[],
  run: Run,
  today: StateView,
  migrations: readonly MigrationStep[],
): readonly Assumption[] {
  const byText = new Map<string, Omit<Assumption, 'servers'> & { readonly servers: Set<ServerId> }>();
  const note = ({ server, by }: AssumedOf): void => {
    const { rule, assumption: text, missing, supply } = by;
    const key = `${rule}\n${text}`;
    const known = byText.get(key) ?? { rule, text, missing, supply, servers: new Set<ServerId>() };
    byText.set(key, known);
    known.servers.add(server);
  };
  moving.forEach(note);
  for (const server of whoCouldMove(run)) keptBy(server, run, today).forEach(note);
  return [
    ...[...byText.values()].map(({ servers, ...assumption }) => ({
      ...assumption,
      servers: [...servers].toSorted(),
    })),
    ...unmeasured(run),
    ...unreadCriteria(run.request),
    ...(migrations.length > 0 ? assumedSettings(run.context.cloud.config) : []),
    ...timingAssumptions(migrations, run.context),
  ].toSorted((a, b) => compareText(a.rule + a.text, b.rule + b.text));
}

/** Servers whose load is not known though the goal counts usage. */
const unmeasured = ({ request: { cloud, goal } }: Run): readonly Assumption[] =>
  unmeasuredBy(goal, cloud).map(({ missing, what, servers }) => ({
    rule: 'usage',
    text: `the ${what} of ${servers.length} of ${cloud.servers.size} servers is not measured: what they are allocated counts`,
    missing: [missing],
    supply: suppliesOf([missing]),
    servers: servers.toSorted(),
  }));

/** All servers; of a drain those that are to leave. */
function whoCouldMove({ context: { cloud }, request: { options } }: Run): Iterable<Server> {
  if (options.drain.length === 0) return cloud.servers.values();
  const { residents } = cloudIndex(cloud);
  return options.drain.flatMap((host) => residents.get(host) ?? []);
}

/** Rules that keep a server from other hosts for want of facts. */
function keptBy(server: Server, { context, rules }: Run, today: StateView): readonly AssumedOf[] {
  const [way] = waysOf(server, context);
  const from = server.host;
  if (from === undefined || way === undefined) return [];
  const found: AssumedOf[] = [];
  let asked = 0;
  for (const to of context.cloud.hosts.keys()) {
    if (to === from) continue;
    for (const rule of rules) {
      const verdict = rule.judge({ server, from, to, ...way }, today);
      if (verdict.kind === 'unknown' && verdict.safe === 'no') found.push(noteOf(server, rule.id, verdict));
    }
    asked += 1;
    if (asked === hostsAsked) break;
  }
  return found;
}

const noteOf = ({ id }: Server, rule: string, { missing, assumption }: Unknown): AssumedOf => ({
  server: id,
  by: { rule, missing, supply: suppliesOf(missing), assumption },
});
