import { verifyPlan } from '../plan/verify-plan.ts';
import { invariant } from '../shared/invariant.ts';
import { omit } from '../shared/omit.ts';
import type { NoGood, SolveBudget, SolveOutcome } from '../solve/placement-problem.ts';
import { solvePlacement } from '../solve/solve.ts';
import { attempt, type Ordered } from './attempt.ts';
import { blockersOf } from './blockers.ts';
import { buildPlan } from './build-plan.ts';
import { emptiedWholly } from './emptied-wholly.ts';
import { emptyTwins } from './empty-twins.ts';
import { evacuatesNobody, planAllWhoCan, withImportance } from './evacuation.ts';
import { type KnownBounds, withBounds } from './known-bounds.ts';
import { placeDrained } from './place-drained.ts';
import type { PlanningOutcome, PlanningRequest, PlanningTools } from './planning-request.ts';
import type { Run } from './run.ts';
import { startRun } from './start-run.ts';
import { inTime } from './in-time.ts';
import { overLimit } from './why-not/over-limit.ts';
import type { PlannedOnce, Planner } from './why-not/ways-out.ts';
import { waysOutOf, whyNot } from './why-not/why-not.ts';
import { betterOf, gainsAtLeast, gainsOf } from './worth.ts';

/** How often what the order refused goes back to the solver before a plan without the refused moves is taken. */
const maxRounds = 40;
/** What the search leaves out of every limit, where room that it saw for the loss of a host was none by Nova's rules. */
const spareMargins = [0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5];

/**
 * Goal to plan: solve, order, hand back what was refused, replay, document. Whatever is returned has been verified by
 * the plan's own checker; the bound is the best that holds for every legal plan. Where there is none, the answer says
 * what clashes and what would help.
 */
export async function planCloud(asked: PlanningRequest, tools: PlanningTools): Promise<PlanningOutcome> {
  const started = tools.now();
  const request = withImportance(asked);
  const run = startRun(request);
  const whole =
    (await planAllWhoCan(asked, (all) => planRun(all, tools, { immovable: 'stay' }))) ??
    (await planRun(run, tools));
  if (evacuatesNobody(whole, request))
    return planCloud({ ...asked, options: { ...asked.options, allOrNothing: true } }, tools);
  const outcome = await inTime(whole, request, (part) => planRun(startRun(part), tools));
  if (outcome.kind === 'too-late') return outcome;
  if (outcome.kind !== 'impossible' && !isOpenDrain(outcome, request)) return outcome;
  const quiet = omit(tools, 'onProgress');
  const planner: Planner = {
    placed: (changed) => planPlaced(startRun(changed), quiet, { anyHow: true }),
    solved: (changed) => planRun(startRun(changed), quiet),
  };
  const stuck = blockersOf(run);
  const twins = emptyTwins(run);
  const known = { ...outcome, ...(twins.length > 0 && { twins }) };
  if (known.kind === 'unknown')
    return { ...known, ...(await waysOutOf(run, undefined, stuck.blockers, planner, tools, started)) };
  return { ...known, ...stuck, ...(await whyNot(run, stuck.blockers, planner, tools, started)) };
}

async function planRun(
  run: Run,
  tools: PlanningTools,
  { immovable = 'refused' }: { readonly immovable?: 'refused' | 'stay' } = {},
): Promise<PlannedOnce> {
  const { request } = run;
  const placed = planPlaced(run, tools, { immovable });
  if (placed !== undefined) return placed;
  if (immovable === 'refused' && hasImmovable(run))
    return impossible('servers that cannot move are on the hosts to be drained');
  if (overLimit(run.problem) !== undefined)
    return impossible('moving all servers off the hosts to be drained takes more than the limits allow');
  const found: Found = {
    noGoods: [],
    margins: 0,
    bounds: request.part?.bounds ?? [],
    because: undefined,
    explain: undefined,
    fallback: undefined,
  };
  const started = tools.now();
  for (let round = 1; round <= maxRounds; round += 1) {
    const budget = budgetOf(request, tools, tools.now() - started);
    const problem = { ...run.problem, noGoods: found.noGoods, spareMargin: spareMargins[found.margins] ?? 0 };
    const solved = await solvePlacement(problem, tools.backend, budget);
    if (request.part === undefined && found.noGoods.every((noGood) => noGood.proven))
      found.bounds = withBounds(found.bounds, solved);
    if (solved.kind === 'unknown' && found.margins > 0) break; // no room for so large a margin
    if (solved.kind === 'infeasible' || solved.kind === 'unknown')
      return withoutAnswer(run, solved, found, tools);
    tools.onProgress?.({ phase: 'order', round, ...progressOf(solved.objective, found.bounds[0]?.bound) });
    const tried = attempt(run, solved.assignment);
    if (tried.kind === 'ordered')
      return better(run, conclude(run, solved, tried, found.bounds, tools), found.fallback);
    found.because = tried.because;
    found.explain = tried.explain;
    if (tried.without !== undefined)
      keepFallback(run, { ...solved, assignment: tried.without }, found, tools);
    const tighter = tried.wantsSpareRoom === true && found.margins + 1 < spareMargins.length;
    if ((tried.noGoods.length === 0 && !tighter) || isOver(request, started, tools)) break;
    found.noGoods.push(...tried.noGoods);
    if (tighter) found.margins += 1;
  }
  return found.fallback ?? withoutOrder(run, found, tools);
}

/** A drain of which nobody knows: what would let it is worth knowing all the same. */
const isOpenDrain = (
  outcome: PlannedOnce,
  { options }: PlanningRequest,
): outcome is Extract<PlannedOnce, { kind: 'unknown' }> =>
  outcome.kind === 'unknown' && emptiedWholly(options).length > 0;

/** Part of the price of all moves that a drain placed at once may be above its bound; else the solver is asked. */
const gapAllowed = 0.01;

/** A drain of a large cloud whose servers are placed one after the other, where that is as good as it can be. */
function planPlaced(
  run: Run,
  tools: PlanningTools,
  {
    anyHow = false,
    immovable = 'refused',
  }: { readonly anyHow?: boolean; readonly immovable?: 'refused' | 'stay' } = {},
): Extract<PlanningOutcome, { kind: 'planned' }> | undefined {
  const placed = placeDrained(run, anyHow ? 1 : undefined, immovable);
  if (placed === undefined) return undefined;
  const tried = attempt(run, placed.assignment);
  if (tried.kind !== 'ordered') return undefined;
  const { assignment, bound } = placed;
  const solved = {
    kind: 'feasible',
    assignment,
    objective: bound,
    bound,
    method: 'one by one',
    rounds: 1,
  } as const;
  const plan = verified(run, solved, tried, withBounds([], solved), tools);
  const { after, terms } = plan.objective;
  const paid = terms.reduce((sum, term) => (term.kind === 'migration-cost' ? sum + term.after : sum), 0);
  return anyHow || after - bound <= gapAllowed * Math.max(1, paid) ? { kind: 'planned', plan } : undefined;
}

const isOver = ({ options }: PlanningRequest, started: number, tools: PlanningTools): boolean =>
  tools.signal?.aborted === true ||
  (options.timeLimitSeconds !== undefined && tools.now() - started >= options.timeLimitSeconds);

/** A plan that had to step around others can be worse than one that left moves out. */
function better(run: Run, outcome: PlannedOnce, fallback: Found['fallback']): PlannedOnce {
  if (fallback === undefined || outcome.kind === 'impossible' || outcome.kind === 'unknown') return outcome;
  return betterOf<typeof outcome>(run.request.goal, outcome, fallback);
}

/** Staying is always possible, so a rebalance that finds no order keeps everything; a drain does not know. */
function withoutOrder(run: Run, { because, explain, bounds }: Found, tools: PlanningTools): PlannedOnce {
  const more = explain === undefined ? '' : `. ${sentence(explain())}`;
  const words = `no order of the migrations was found: ${because ?? ''}${more}`;
  if (emptiedWholly(run.request.options).length > 0) return { kind: 'unknown', because: words };
  return { kind: 'nothing-to-do', plan: stayingPlan(run, bounds, tools), because: words };
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A plan without steps, with the bound that is known. */
const stayingPlan = (run: Run, bounds: KnownBounds, tools: PlanningTools): ReturnType<typeof buildPlan> => {
  const staying = {
    kind: 'feasible',
    assignment: run.problem.start,
    objective: 0,
    method: 'none',
    rounds: 0,
  } as const;
  return verified(run, staying, { steps: [] }, bounds, tools);
};

/** What the rounds have brought so far. */
interface Found {
  readonly noGoods: NoGood[];
  /** Which of `spareMargins` the search keeps. */
  margins: number;
  bounds: KnownBounds;
  because: string | undefined;
  /** More about that. */
  explain: (() => string) | undefined;
  /** The best plan that leaves out moves which found no turn. */
  fallback: Extract<PlanningOutcome, { kind: 'planned' }> | undefined;
}

type Solved = Extract<SolveOutcome, { kind: 'optimal' | 'feasible' }>;

const progressOf = (objective: number, bound: number | undefined) => ({
  objective,
  ...(bound !== undefined && { bound }),
});

const budgetOf = ({ options }: PlanningRequest, tools: PlanningTools, spent: number): SolveBudget => ({
  effort: options.effort,
  seed: options.seed,
  now: tools.now,
  onProgress: (progress) => tools.onProgress?.({ phase: 'solve', ...progress }),
  ...(options.timeLimitSeconds !== undefined && {
    timeLimitSeconds: Math.max(0, options.timeLimitSeconds - spent),
  }),
  ...(tools.signal !== undefined && { signal: tools.signal }),
  ...(tools.pool !== undefined && { pool: tools.pool }),
});

function keepFallback(run: Run, solved: Solved, found: Found, tools: PlanningTools): void {
  const tried = attempt(run, solved.assignment);
  if (tried.kind !== 'ordered') return;
  const outcome = conclude(run, solved, tried, found.bounds, tools);
  if (outcome.kind !== 'planned') return;
  const { fallback } = found;
  found.fallback = fallback === undefined ? outcome : betterOf(run.request.goal, fallback, outcome);
}

function conclude(
  run: Run,
  solved: Solved,
  ordered: Ordered,
  bounds: KnownBounds,
  tools: PlanningTools,
): PlannedOnce {
  const { minGain } = run.request.options;
  const best = verified(run, solved, ordered, bounds, tools);
  const isWorthIt =
    emptiedWholly(run.request.options).length > 0 ||
    gainsAtLeast(run.request.goal, best.objective, Math.max(minGain, leastGain));
  if (best.steps.length > 0 && isWorthIt) return { kind: 'planned', plan: best };
  if (best.steps.length === 0)
    return { kind: 'nothing-to-do', plan: best, because: 'the present assignment is kept' };
  const plan = verified(run, { ...solved, assignment: run.problem.start }, { steps: [] }, bounds, tools);
  return {
    kind: 'nothing-to-do',
    plan,
    because: `the best plan gains ${gainsOf(best.objective).join(', then ')}, less than --min-gain ${minGain}`,
  };
}

/** Less is rounding. */
const leastGain = 1e-6;

/** Nothing is shown before the checker has replayed it. */
function verified(
  run: Run,
  solved: Solved,
  ordered: Ordered,
  bounds: KnownBounds,
  tools: PlanningTools,
): ReturnType<typeof buildPlan> {
  tools.onProgress?.({ phase: 'verify', round: solved.rounds });
  const plan = buildPlan(run, solved, ordered, bounds, tools.plannerVersion);
  const verification = verifyPlan({
    plan,
    context: run.context,
    rules: run.rules,
  });
  // A plan that is too late is looked at when it is whole (`in-time.ts`).
  const findings = verification.findings.filter(({ code }) => code !== 'deadline');
  invariant(
    findings.length === 0,
    `the checker refuses a plan: ${findings.map((f) => `${f.step ?? ''} ${f.text}`).join('; ')}`,
  );
  return plan;
}

function hasImmovable({ problem, request, ofLeaving }: Run): boolean {
  const drained = new Set<string>(emptiedWholly(request.options));
  if (drained.size === 0) return false;
  return ofLeaving.some(
    (primitive) =>
      primitive.kind === 'fixed' &&
      primitive.servers.some((server) => drained.has(problem.start.get(server) ?? '')),
  );
}

function withoutAnswer(
  run: Run,
  solved: Extract<SolveOutcome, { kind: 'infeasible' | 'unknown' }>,
  found: Found,
  tools: PlanningTools,
): PlannedOnce {
  if (found.fallback !== undefined) return found.fallback;
  if (solved.kind === 'unknown') {
    const stopped =
      tools.signal?.aborted === true ? 'before it was stopped' : 'within the effort and time allowed';
    const last = found.because === undefined ? '' : `; what was tried last: ${found.because}`;
    return {
      kind: 'unknown',
      because: `neither a plan nor a proof that there is none was found ${stopped}${last}`,
    };
  }
  if (found.noGoods.every((noGood) => noGood.proven))
    return impossible('the hosts cannot be emptied under the rules and limits');
  return withoutOrder(run, found, tools);
}

const impossible = (because: string): PlannedOnce => ({ kind: 'impossible', because });
