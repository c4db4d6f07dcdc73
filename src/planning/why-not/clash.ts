import type { Backend } from '../../solve/backend.ts';
import { solvePlacement } from '../../solve/solve.ts';
import type { PlanningTools, Blocker } from '../planning-request.ts';
import type { Run } from '../run.ts';
import type { Clash, ClashLimit, NamedServer } from './answer.ts';
import { deleteEach, type Shrunk, type Tested } from './delete-each.ts';
import { overLimit } from './over-limit.ts';
import type { Patience } from './patience.ts';
import { type Element, elementsOf, reduce } from './reduced-problem.ts';
import { strandedServers } from './stranded-servers.ts';

/** Effort of one question: nothing but whether there is an answer is asked. */
const effort = 12;

/**
 * Servers, rules and limits that clash, thinned out until each is needed. A server that by itself has nowhere to go
 * takes no solver, nor do limits that all who leave go beyond; otherwise the solver is asked with ever less. Undefined
 * where nothing is proven.
 */
export async function findClash(
  run: Run,
  blockers: readonly Blocker[],
  tools: PlanningTools,
  patience: Patience,
): Promise<Clash | undefined> {
  const { problem, ofLeaving } = run;
  const fixed = ofLeaving.filter(({ kind }) => kind === 'fixed');
  const [stuck] = strandedServers({ ...placesOf(problem), primitives: fixed });
  const found =
    stuck ?? overLimit(problem) ?? strandedServers(problem)[0] ?? (await askSolver(run, tools, patience));
  return found === undefined ? undefined : inWords(found, run, blockers);
}

const placesOf = ({ cloud, start, mustEmpty }: Run['problem']) => ({ cloud, start, mustEmpty });

async function askSolver(
  { problem, request }: Run,
  tools: PlanningTools,
  patience: Patience,
): Promise<Shrunk<Element> | undefined> {
  const test = async (elements: readonly Element[]): Promise<Tested> => {
    if (isPlainlyKept(elements)) return 'kept';
    if (!patience.spend()) return 'unknown';
    return askOnce(elements, tools.backend);
  };
  const askOnce = async (elements: readonly Element[], backend: Backend): Promise<Tested> => {
    const reduced = reduce(problem, elements);
    const leaving = new Set(elements.flatMap((element) => (element.kind === 'server' ? element.server : [])));
    // The solver lets servers that do not move stay on the hosts that it empties.
    const isFixed = reduced.primitives.some(
      (primitive) => primitive.kind === 'fixed' && primitive.servers.some((server) => leaving.has(server)),
    );
    if (isFixed) return 'clash';
    const seconds = patience.secondsLeft();
    const { kind } = await solvePlacement(reduced, backend, {
      effort,
      seed: request.options.seed,
      now: tools.now,
      ...(seconds !== undefined && { timeLimitSeconds: seconds }),
      ...(tools.signal !== undefined && { signal: tools.signal }),
    });
    if (kind === 'infeasible') return 'clash';
    return kind === 'unknown' ? 'unknown' : 'kept';
  };
  const all = elementsOf(problem);
  if ((await test(all)) !== 'clash') return undefined;
  return deleteEach(all, test);
}

/** Without a server that must leave, all may stay. */
const isPlainlyKept = (elements: readonly Element[]): boolean =>
  elements.every(({ kind }) => kind !== 'server');

function inWords(
  { elements, irreducible }: Shrunk<Element>,
  { context, request }: Run,
  blockers: readonly Blocker[],
): Clash {
  const { maxMoves = 0, maxGiB = 0, headroomPercent } = request.options;
  const rules = elements.filter((element) => element.kind === 'rule');
  const isHeadroom = ({ rule }: { readonly rule: string }): boolean => rule === 'headroom';
  return {
    servers: elements.flatMap((element): readonly NamedServer[] => {
      const server = element.kind === 'server' ? context.cloud.servers.get(element.server) : undefined;
      return server?.host === undefined
        ? []
        : [{ server: server.id, serverName: server.name, host: server.host }];
    }),
    rules: rules
      .filter((rule) => !isHeadroom(rule))
      .map(({ rule, of }) => ({
        rule,
        ...(of !== undefined && { of }),
        ...wordsOf(rule, elements, blockers),
      })),
    limits: [
      ...elements.flatMap((element): readonly ClashLimit[] =>
        element.kind === 'limit'
          ? [{ option: element.option, value: element.option === '--max-moves' ? maxMoves : maxGiB }]
          : [],
      ),
      ...(rules.some(isHeadroom) ? [{ option: '--headroom', value: headroomPercent } as const] : []),
    ],
    irreducible,
  };
}

/** What a rule says where it stops one of these servers. */
function wordsOf(
  rule: string,
  elements: readonly Element[],
  blockers: readonly Blocker[],
): { readonly text?: string } {
  const servers = new Set(elements.flatMap((element) => (element.kind === 'server' ? element.server : [])));
  const refusal = blockers
    .filter(({ server }) => servers.has(server))
    .flatMap(({ refusals }) => refusals)
    .find((found) => found.rule === rule);
  return refusal === undefined ? {} : { text: refusal.text };
}
