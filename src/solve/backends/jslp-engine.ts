import solverModule, { type Model, type SolveOptions } from 'javascript-lp-solver';
import { type LinearProgram, numberAt } from '../linear/linear-model.ts';
import { type Claim, type Engine, type Task, type Watch, hasIntegers } from './engine.ts';
import { createLogicalClock, logicalSeconds } from './logical-clock.ts';

// The package's one declaration file is typed as CommonJS, so TypeScript sees the solver a level too deep.
const solver = solverModule as unknown as typeof solverModule.default;

/** javascript-lp-solver, which is pure JavaScript; it looks at its clock once a node and never inside an LP. */
export function loadJslpEngine(): Promise<Engine> {
  return Promise.resolve({ solve });
}

const options: SolveOptions = { nodeSelection: 'depth-first', timeout: logicalSeconds * 1000 };

function solve({ program, limits }: Task, watch: Watch): Claim {
  const clock = createLogicalClock({ ...limits, readings: limits.nodes }, watch);
  const model = toModel(program);
  const relaxed = solveLp(program, { ...model, ints: {} });
  if (relaxed.says !== 'optimal' || !hasIntegers(program)) return relaxed;
  clock.run(() => solver.Solve({ ...model, options }));
  const tableau = solver.lastSolvedModel?.tableau;
  const { duals } = relaxed;
  const rest = duals === undefined ? {} : { duals };
  if (tableau?.feasible === true && tableau.__isIntegral === true) {
    const says: Claim =
      clock.stoppedBy === undefined ? { says: 'optimal' } : { says: 'stopped', stoppedBy: clock.stoppedBy };
    return { ...says, ...rest, values: readValues(program, tableau.getSolution().generateSolutionSet()) };
  }
  if (clock.stoppedBy !== undefined) return { says: 'stopped', stoppedBy: clock.stoppedBy, ...rest };
  return { says: 'infeasible', ...rest };
}

function solveLp(program: LinearProgram, model: Model): Claim {
  solver.Solve(model);
  const tableau = solver.lastSolvedModel?.tableau;
  if (tableau?.feasible !== true) return { says: 'infeasible' };
  if (!tableau.bounded) return { says: 'unbounded' };
  return {
    says: 'optimal',
    values: readValues(program, tableau.getSolution().generateSolutionSet()),
    duals: readDuals(program),
  };
}

/**
 * The duals of the last LP: the cost of a constraint's slack in the final tableau, whose objective is to maximise
 * −cost. `loadJson` makes the constraints in the order of the rows, the lower side before the upper.
 */
function readDuals(program: LinearProgram): Float64Array {
  const duals = new Float64Array(program.rowLower.length);
  const solved = solver.lastSolvedModel;
  if (solved === null) return duals;
  let next = 0;
  const take = (): number => {
    const constraint = solved.constraints[next];
    next += 1;
    if (constraint === undefined) return 0;
    const column = numberAt(solved.tableau.colByVarIndex, constraint.index);
    const cost = column < 0 ? 0 : numberAt(solved.tableau.matrix, column);
    return constraint.isUpperBound ? cost : -cost;
  };
  for (let i = 0; i < duals.length; i += 1) {
    const [lower, upper] = [numberAt(program.rowLower, i), numberAt(program.rowUpper, i)];
    duals[i] = (lower > -Infinity ? take() : 0) + (upper < Infinity ? take() : 0);
  }
  return duals;
}

/** How a variable is written with variables that are at least 0, all that this solver knows: base + Σ sign·part. */
interface Rewrite {
  readonly base: number;
  readonly signs: readonly (1 | -1)[];
  /** Upper bound of the part; Infinity for none. */
  readonly range: number;
}

function rewrite(program: LinearProgram, column: number): Rewrite {
  const [lower, upper] = [numberAt(program.lower, column), numberAt(program.upper, column)];
  if (lower === upper) return { base: lower, signs: [], range: 0 };
  if (lower > -Infinity) return { base: lower, signs: [1], range: upper - lower };
  if (upper < Infinity) return { base: upper, signs: [-1], range: Infinity };
  return { base: 0, signs: [1, -1], range: Infinity };
}

const partName = (column: number, sign: number): string => `${sign > 0 ? 'p' : 'n'}${column}`;

function readValues(program: LinearProgram, parts: Record<string, number | undefined>): Float64Array {
  return program.cost.map((_, j) => {
    const { base, signs } = rewrite(program, j);
    return signs.reduce((sum, sign) => sum + sign * (parts[partName(j, sign)] ?? 0), base);
  });
}

function toModel(program: LinearProgram): Model {
  const constraints: Model['constraints'] = {};
  const variables: Model['variables'] = {};
  const ints: Record<string, boolean> = {};
  const rewrites = Array.from(program.cost, (_, j) => rewrite(program, j));
  for (const [j, { signs }] of rewrites.entries()) {
    for (const sign of signs) {
      variables[partName(j, sign)] = { cost: sign * numberAt(program.cost, j) };
      if (program.integer[j] === 1) ints[partName(j, sign)] = true;
    }
  }
  for (let i = 0; i < program.rowLower.length; i += 1) addRow(program, rewrites, i, constraints, variables);
  for (const [j, { signs, range }] of rewrites.entries()) {
    const part = variables[partName(j, 1)];
    if (signs.length !== 1 || range === Infinity || part === undefined) continue;
    constraints[`u${j}`] = { max: range };
    part[`u${j}`] = 1;
  }
  return { optimize: 'cost', opType: 'min', constraints, variables, ints };
}

function addRow(
  program: LinearProgram,
  rewrites: readonly Rewrite[],
  row: number,
  constraints: Model['constraints'],
  variables: Model['variables'],
): void {
  let shift = 0;
  for (let k = numberAt(program.rowStarts, row); k < numberAt(program.rowStarts, row + 1); k += 1) {
    const column = numberAt(program.columns, k);
    const coefficient = numberAt(program.coefficients, k);
    const { base = 0, signs = [] } = rewrites[column] ?? {};
    shift += coefficient * base;
    for (const sign of signs) {
      const part = variables[partName(column, sign)];
      if (part !== undefined) part[`r${row}`] = sign * coefficient;
    }
  }
  const [lower, upper] = [numberAt(program.rowLower, row), numberAt(program.rowUpper, row)];
  constraints[`r${row}`] = {
    ...(lower > -Infinity ? { min: lower - shift } : {}),
    ...(upper < Infinity ? { max: upper - shift } : {}),
  };
}
