import type { Plan } from '../../plan/plan.ts';
import { escapeControls } from '../../shared/text.ts';
import { counted, nameList, shellWord } from '../words.ts';
import { headline, titleOf } from './headline.ts';
import { pageCloud, type Places } from './page-cloud.ts';
import type { PageData, PageNotDone, PageNotice, PageTimetable } from './page-data.ts';
import type { PageInput } from './page-input.ts';
import { pageSteps } from './page-steps.ts';
import { hostIds, pageHosts, pageServers, serverIds } from './page-subjects.ts';
import { createTexts, nameOf } from './texts.ts';
import { whenItFails } from './when-it-fails.ts';

/** What the review page of a plan shows. */
export function planPage(input: PageInput): PageData {
  const { plan, planFile, cloud: paged } = input;
  const [hosts, servers] = [hostIds(plan, paged?.cloud), serverIds(plan, paged?.cloud)];
  const places: Places = {
    host: placesIn(hosts),
    server: placesIn(servers),
    step: placesIn(plan.steps.map(({ id }) => id)),
  };
  const texts = createTexts();
  const steps = pageSteps(plan.steps, places, texts);
  return {
    title: titleOf(plan),
    plan: plan.id,
    headline: headline(input).map(([label, words]) => [label, escapeControls(words)]),
    warnings: [
      ...aboutInventory(input),
      ...plan.warnings.map(({ text, steps: about }) => notice(text, about, places)),
    ],
    assumptions: plan.assumptions.map((entry) => notice(assumptionText(entry), [], places)),
    hosts: pageHosts(hosts, plan, paged?.cloud).map(safeFacts),
    servers: pageServers(servers, places.host, plan, paged?.cloud).map(safeFacts),
    steps,
    texts: texts.all(),
    timetable: timetable(input),
    notDone: plan.notDone.map(notDone),
    whenItFails: whenItFails(plan, planFile).map((text) => escapeControls(text)),
    ...(paged === undefined ? { noCloud: noCloud(input) } : { cloud: pageCloud(paged, places) }),
  };
}

const placesIn = <Key>(keys: readonly Key[]): ReadonlyMap<Key, number> =>
  new Map(keys.map((key, index) => [key, index]));

const safeFacts = <Subject extends { readonly facts: readonly (readonly [string, string])[] }>(
  subject: Subject,
): Subject => ({ ...subject, facts: subject.facts.map(([label, words]) => [label, escapeControls(words)]) });

const notice = (text: string, steps: readonly string[], places: Places): PageNotice => ({
  text: escapeControls(text),
  steps: steps.flatMap((id) => places.step.get(id) ?? []),
});

/** Where the inventory is not the one that the plan was made from. */
function aboutInventory({ plan, cloud }: PageInput): readonly PageNotice[] {
  const text = cloud === undefined ? undefined : otherInventory(plan, cloud.inventoryDigest);
  if (cloud === undefined || text === undefined) return [];
  const { passedOver } = cloud.history;
  const missing =
    passedOver.length === 0
      ? ''
      : `; ${counted(passedOver.length, 'step')} cannot be shown on it, as servers or hosts are not where the plan expects them: ${nameList(passedOver)}`;
  return [{ text: `${text}${missing}`, steps: [] }];
}

/** Says so where an inventory is not the one that a plan was made from; undefined where it is. */
export function otherInventory({ basedOn }: Plan, digest: string): string | undefined {
  if (digest === basedOn.inventoryDigest) return undefined;
  return `the map is of another inventory (${nameOf(digest.slice(0, 12))}) than the plan was made from (${nameOf(basedOn.inventoryDigest.slice(0, 12))}, cloud as of ${nameOf(basedOn.capturedAt)}): what it shows may differ from what the plan says`;
}

const noCloud = ({ planFile }: PageInput): string =>
  escapeControls(
    `A plan does not hold the cloud that it was made from, so there is no map of hosts and NUMA cells here. \`planner report ${shellWord(planFile)} --inventory FILE\`, with the inventory that the plan was made from, draws it.`,
  );

const assumptionText = ({ rule, text, missing, supply, servers }: Plan['assumptions'][number]): string =>
  [
    `${rule}: ${text}`,
    ...(missing.length === 0 ? [] : [`not known: ${missing.join(', ')}`]),
    ...(supply.length === 0 ? [] : [`record ${supply.join('; ')}`]),
    servers.length === 0 ? 'all of the plan rests on it' : `${counted(servers.length, 'server')} rest on it`,
  ].join('; ');

function notDone({ server, serverName, host, rule, reason }: Plan['notDone'][number]): PageNotDone {
  const names = [serverName ?? server, host].flatMap((name) => (name === undefined ? [] : [nameOf(name)]));
  return { subject: names.join(' on '), reason: escapeControls(reason), rule };
}

function timetable({ plan, shut, frozen, cloud }: PageInput): PageTimetable {
  const { makespanSeconds, links } = plan.timetable;
  const { calendar } = plan.basedOn.options;
  const startsAt = calendar === undefined ? NaN : Date.parse(calendar.startsAt) / 1000;
  const carried = new Map((cloud?.links ?? []).map((load) => [load.link, load.carried]));
  return {
    makespanSeconds,
    ...(Number.isFinite(startsAt) && { startsAt }),
    shut: shut.map(({ from, to }) => [from, to]),
    frozen: frozen.map(({ of, from, to }) => ({ of: nameOf(of), fromSeconds: from, toSeconds: to })),
    links: links.map(({ link, capacityMbps, peakMbps }) => ({
      name: nameOf(link),
      capacityMbps,
      peakMbps,
      carried: (carried.get(link) ?? []).flatMap(({ atSeconds, amount }) => [atSeconds, amount]),
    })),
  };
}
