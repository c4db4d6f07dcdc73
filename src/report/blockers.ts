import type { Blocker, PlanningOutcome } from '../planning/planning-request.ts';
import { escapeControls, showName } from '../shared/text.ts';
import { emptyTwinLines } from './empty-twins.ts';
import { joinSections, listLines, listSection } from './list-section.ts';
import { notDoneTexts } from './show-plan.ts';
import { type Paint, plainPaint } from './paint.ts';
import { wrapText } from './text-width.ts';
import { clashLines, wayOutLines } from './why-not.ts';
import { counted, nameList } from './words.ts';

type Impossible = Extract<PlanningOutcome, { readonly kind: 'impossible' }>;

/** Why there is no plan: each server that stands in the way with the rules that keep it, what clashes, what would help. */
export function blockersReport(outcome: Impossible, width: number, paint: Paint = plainPaint): string {
  const { because, blockers, notDone, clash } = outcome;
  const sections = [
    wrapText(`${paint.bad('no plan')}: ${escapeControls(because)}`, width),
    emptyTwinLines(outcome.twins, width),
    ...blockers.map((blocker) => blockerLines(blocker, width)),
    listSection('not done', notDoneTexts(notDone), width),
    supplyLines(blockers, width),
    clashLines(clash, width),
    wayOutLines(outcome, width),
  ];
  return joinSections(sections, paint);
}

/** What to record, so that rules can judge. */
function supplyLines(blockers: readonly Blocker[], width: number): string[] {
  const supplies = new Set(blockers.flatMap(({ refusals }) => refusals.flatMap(({ supply = [] }) => supply)));
  if (supplies.size === 0) return [];
  const title =
    'Rules that were not told enough refuse. What they miss can be read by PLANNER_NOVA_DB or --host-facts (planner import --help) from:';
  return [...wrapText(title, width), ...listLines([...supplies], width)];
}

function blockerLines({ server, serverName, host, refusals }: Blocker, width: number): string[] {
  const title = `${showName(serverName)} (${showName(server)}) cannot leave ${showName(host)}:`;
  const lines = refusals.map(
    ({ rule, text, hosts }) => `${rule}: ${text} [${counted(hosts.length, 'host')}: ${nameList(hosts)}]`,
  );
  return [...wrapText(title, width), ...listLines(lines, width)];
}
