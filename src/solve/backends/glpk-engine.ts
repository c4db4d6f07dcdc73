import type { GLPK, LP, Result } from 'glpk.js/node';
import { type LinearProgram, numberAt } from '../linear/linear-model.ts';
import { type Claim, type Engine, type Task, type Watch, hasIntegers } from './engine.ts';
import { type LogicalClock, createLogicalClock, logicalSeconds } from './logical-clock.ts';

/** Loads GLPK (WebAssembly) from the optional package `glpk.js`, silent. */
export async function loadGlpkEngine(): Promise<Engine> {
  const { default: load } = await import('glpk.js/node');
  const glpk = await load();
  return { solve: (task, watch) => solve(glpk, task, watch) };
}

/** GLPK looks at its clock about once a simplex iteration. */
function solve(glpk: GLPK, { program, limits }: Task, watch: Watch): Claim {
  const clock = createLogicalClock({ ...limits, readings: limits.simplexIterations }, watch);
  const lp = toLp(glpk, program);
  const run = (problem: LP, options: { presol: boolean }): Result['result'] =>
    clock.run(() =>
      glpk.solve(problem, {
        ...options,
        msglev: glpk.GLP_MSG_OFF,
        tmlim: logicalSeconds,
        mipgap: limits.relativeGap,
      }),
    ).result;
  // Without presolver: with it, GLPK does not tell an infeasible LP from an unbounded one.
  const relaxation = run(lp, { presol: false });
  const relaxed: Claim = {
    ...readLpStatus(glpk, relaxation.status, clock),
    duals: Float64Array.from(program.rowLower, (_, i) => relaxation.dual?.[rowName(i)] ?? 0),
  };
  if (relaxed.says === 'optimal' && hasIntegers(program)) {
    const integers = Array.from(program.integer.keys()).filter((j) => program.integer[j] === 1);
    const mip = run({ ...lp, generals: integers.map(columnName) }, { presol: true });
    const hasValues = mip.status === glpk.GLP_OPT || mip.status === glpk.GLP_FEAS;
    return {
      ...relaxed,
      ...readMipStatus(glpk, mip.status, clock),
      ...(hasValues ? { values: readValues(program, mip) } : {}),
      ...(mip.status === glpk.GLP_OPT ? { bound: mip.z + program.offset } : {}),
    };
  }
  const solved = relaxed.says === 'optimal' && !hasIntegers(program);
  return solved ? { ...relaxed, values: readValues(program, relaxation) } : relaxed;
}

const columnName = (column: number): string => `x${column}`;
const rowName = (row: number): string => `r${row}`;

const readValues = ({ cost }: LinearProgram, { vars }: Result['result']): Float64Array =>
  Float64Array.from(cost, (_, j) => vars[columnName(j)] ?? 0);

function readLpStatus(glpk: GLPK, status: number, clock: LogicalClock): Pick<Claim, 'says' | 'stoppedBy'> {
  if (clock.stoppedBy !== undefined) return { says: 'stopped', stoppedBy: clock.stoppedBy };
  if (status === glpk.GLP_OPT) return { says: 'optimal' };
  if (status === glpk.GLP_NOFEAS) return { says: 'infeasible' };
  if (status === glpk.GLP_UNBND) return { says: 'unbounded' };
  return { says: 'stopped', stoppedBy: 'failure' };
}

function readMipStatus(glpk: GLPK, status: number, clock: LogicalClock): Pick<Claim, 'says' | 'stoppedBy'> {
  if (status === glpk.GLP_OPT) return { says: 'optimal' };
  if (clock.stoppedBy !== undefined) return { says: 'stopped', stoppedBy: clock.stoppedBy };
  if (status === glpk.GLP_NOFEAS) return { says: 'infeasible' };
  return { says: 'stopped', stoppedBy: status === glpk.GLP_FEAS ? 'gap' : 'failure' };
}

function toLp(glpk: GLPK, program: LinearProgram): LP {
  const columns = Array.from(program.cost, (coef, j) => ({ name: columnName(j), coef }));
  return {
    name: 'model',
    objective: { direction: glpk.GLP_MIN, name: 'cost', vars: columns },
    subjectTo: Array.from(program.rowLower, (lower, i) => {
      const vars = [];
      for (let k = numberAt(program.rowStarts, i); k < numberAt(program.rowStarts, i + 1); k += 1) {
        const name = columnName(numberAt(program.columns, k));
        vars.push({ name, coef: numberAt(program.coefficients, k) });
      }
      return { name: rowName(i), vars, bnds: toBounds(glpk, lower, numberAt(program.rowUpper, i)) };
    }),
    bounds: columns.map(({ name }, j) => ({
      name,
      ...toBounds(glpk, numberAt(program.lower, j), numberAt(program.upper, j)),
    })),
  };
}

function toBounds(glpk: GLPK, lower: number, upper: number): { type: number; lb: number; ub: number } {
  if (lower === upper) return { type: glpk.GLP_FX, lb: lower, ub: upper };
  const [lb, ub] = [Number.isFinite(lower) ? lower : 0, Number.isFinite(upper) ? upper : 0];
  if (lower === -Infinity) return { type: upper === Infinity ? glpk.GLP_FR : glpk.GLP_UP, lb, ub };
  return { type: upper === Infinity ? glpk.GLP_LO : glpk.GLP_DB, lb, ub };
}
