import highsModule, { type Highs, type HighsCallbackMap, type ModelData } from 'highs';
import type { LinearProgram } from '../linear/linear-model.ts';
import { type Claim, type Engine, type Limits, type Task, type Watch, hasIntegers } from './engine.ts';

const largestInt = 2 ** 31 - 1;
const feasible = 2; // HiGHS' code for "a feasible solution is available"

// The package's one declaration file is typed as CommonJS, so TypeScript sees the loader a level too deep.
const loadHighs = highsModule as unknown as typeof highsModule.default;

/** Loads HiGHS (WebAssembly). It logs nothing, has one thread, and counts nodes and simplex iterations. */
export async function loadHighsEngine(): Promise<Engine> {
  const highs = await loadHighs();
  return { solve: (task, watch) => solve(highs, task, watch) };
}

function solve(highs: Highs, task: Task, watch: Watch): Claim {
  if (!canBeUnbounded(task.program)) return run(highs, task, watch);
  // With presolve, HiGHS calls some unbounded programs infeasible or even optimal: ask the plain LP first.
  const relaxed = { ...task.program, integer: new Uint8Array(task.program.integer.length) };
  const claim = run(highs, { program: relaxed, limits: task.limits }, watch, { presolve: 'off' });
  if (!hasIntegers(task.program)) return claim;
  const { says, stoppedBy } = claim;
  if (says === 'optimal') return run(highs, task, watch);
  return stoppedBy === undefined ? { says } : { says, stoppedBy };
}

/** True where bounds alone do not keep the objective from falling for ever. */
function canBeUnbounded({ cost, lower, upper }: LinearProgram): boolean {
  return cost.some((unit, j) => (unit > 0 && lower[j] === -Infinity) || (unit < 0 && upper[j] === Infinity));
}

/** Runs a fresh model, so that no answer depends on what was solved before. */
function run(highs: Highs, task: Task, watch: Watch, options: Readonly<Record<string, string>> = {}): Claim {
  return highs.withModel(toModelData(task.program), (model) => {
    const isMip = hasIntegers(task.program);
    const stop: Stop = {};
    model.options.set({ ...toOptions(task.limits, isMip), ...options });
    if (task.start !== undefined) model.setSolution({ colValue: task.start });
    const { modelStatus } = model.run(createCallbacks(highs, task.limits, watch, stop));
    const { colValue, rowDual } = model.getSolution();
    return {
      ...readStatus(highs, modelStatus, stop, isMip && Number(model.info.get('mip_gap')) > 0),
      ...(model.info.get('primal_solution_status') === feasible ? { values: colValue } : {}),
      work: {
        nodes: Math.max(0, Number(model.info.get('mip_node_count'))),
        simplexIterations: Math.max(stop.iterations ?? 0, Number(model.info.get('simplex_iteration_count'))),
      },
      ...(isMip ? { bound: Number(model.info.get('mip_dual_bound')) } : { duals: rowDual }),
    };
  });
}

function toModelData(program: LinearProgram): ModelData {
  const { cost, lower, upper, offset, rowLower, rowUpper, rowStarts, columns, coefficients } = program;
  return {
    numCols: cost.length,
    numRows: rowLower.length,
    offset,
    colCost: cost,
    colLower: lower,
    colUpper: upper,
    rowLower,
    rowUpper,
    matrix: {
      format: 'csr',
      numRows: rowLower.length,
      numCols: cost.length,
      starts: rowStarts,
      indices: columns,
      values: coefficients,
    },
    ...(hasIntegers(program) ? { integrality: Int32Array.from(program.integer) } : {}),
  };
}

function toOptions(limits: Limits, isMip: boolean): Record<string, boolean | number> {
  return {
    output_flag: false,
    random_seed: 0,
    mip_rel_gap: Math.min(limits.relativeGap, Number.MAX_VALUE),
    mip_abs_gap: Math.min(limits.absoluteGap, Number.MAX_VALUE),
    mip_max_nodes: toInt(limits.nodes),
    ...(Number.isFinite(limits.timeLimitSeconds) ? { time_limit: limits.timeLimitSeconds } : {}),
    // The option holds for each LP of a MIP by itself: there, the callback counts over all of them.
    ...(isMip ? {} : { simplex_iteration_limit: toInt(limits.simplexIterations) }),
  };
}

const toInt = (limit: number): number => Math.min(Math.floor(limit), largestInt);

interface Stop {
  by?: 'cancel' | 'effort';
  /** Simplex iterations when it was last asked. */
  iterations?: number;
}

function createCallbacks(highs: Highs, limits: Limits, watch: Watch, stop: Stop): HighsCallbackMap {
  const { callbackType } = highs.constants;
  return {
    [callbackType.simplexInterrupt](event) {
      if (!watch.isCancelled()) return;
      stop.by = 'cancel';
      event.interrupt();
    },
    [callbackType.mipInterrupt](event) {
      const { mip_dual_bound: bound, mip_total_lp_iterations: iterations } = event.data;
      if (bound !== undefined) watch.onBound(bound);
      stop.iterations = Number(iterations ?? 0);
      if (watch.isCancelled()) stop.by = 'cancel';
      else if (stop.iterations >= limits.simplexIterations) stop.by = 'effort';
      if (stop.by !== undefined) event.interrupt();
    },
    [callbackType.mipImprovingSolution](event) {
      if (event.data.mip_solution !== undefined) watch.onIncumbent(event.data.mip_solution);
    },
  };
}

function readStatus(
  highs: Highs,
  status: number,
  stop: Stop,
  hasGap: boolean,
): Pick<Claim, 'says' | 'stoppedBy'> {
  const { modelStatus: codes } = highs.constants;
  const meaning = new Map<number, Pick<Claim, 'says' | 'stoppedBy'>>([
    [codes.optimal, hasGap ? { says: 'stopped', stoppedBy: 'gap' } : { says: 'optimal' }],
    [codes.infeasible, { says: 'infeasible' }],
    [codes.unboundedOrInfeasible, { says: 'infeasible' }], // and `solve` has excluded unbounded
    [codes.unbounded, { says: 'unbounded' }],
    [codes.timeLimit, { says: 'stopped', stoppedBy: 'time' }],
    [codes.iterationLimit, { says: 'stopped', stoppedBy: 'effort' }],
    [codes.solutionLimit, { says: 'stopped', stoppedBy: 'effort' }], // also what it calls its node limit
    [codes.interrupted, { says: 'stopped', stoppedBy: stop.by ?? 'cancel' }],
  ]);
  return meaning.get(status) ?? { says: 'stopped', stoppedBy: 'failure' };
}
