import { at } from '../../shared/at.ts';
import type { Columns } from './assignment-columns.ts';
import { countInGroups } from '../compile/compile-togethers.ts';
import type { CompiledTogether } from '../compile/compiled.ts';
import type { ModelBuilder } from './linear-model.ts';
import { add, type Terms } from './row-terms.ts';

/** What a set of servers that are to be together adds. */
export interface TogetherColumns {
  /** By group of hosts: whether it is the one. */
  readonly choice: readonly number[];
  /** Host and the column of members there that are outside; none where nobody may be. */
  readonly outside: readonly { readonly host: number; readonly column: number }[];
}

/**
 * For each set of n servers that are to be together, with choice[g] ∈ {0, 1} and outside[h] >= 0:
 *
 *     Σ choice = 1
 *     members on h  <=  n·Σ{ choice[g] : h in g } + outside[h]
 *     Σ outside     <=  how many are outside today
 */
export function addTogetherRows(builder: ModelBuilder, columns: Columns): readonly TogetherColumns[] {
  return columns.problem.togethers.map((together, t) => addTogether(builder, columns, together, t));
}

function addTogether(
  builder: ModelBuilder,
  columns: Columns,
  together: CompiledTogether,
  t: number,
): TogetherColumns {
  const { problem } = columns;
  if (together.groupCount === 0) return { choice: [], outside: [] }; // all are outside, whatever happens
  const count = together.members.length;
  const today = new Int32Array(problem.hosts.length);
  for (const v of together.members) today[at(problem.start, v)] = at(today, at(problem.start, v)) + 1;
  const choice = Array.from({ length: together.groupCount }, (_, g) =>
    builder.addVariable({ name: `together ${t} in ${g}`, lower: 0, upper: 1, kind: 'integer', cost: 0 }),
  );
  builder.addRow({
    name: `together ${t}`,
    lower: 1,
    upper: 1,
    indices: choice,
    values: choice.map(() => 1),
  });
  const outside: { readonly host: number; readonly column: number }[] = [];
  for (const host of problem.hosts.keys()) {
    const terms = membersOn(columns, t, host);
    if (terms.indices.length === 0 && at(today, host) === 0) continue;
    const name = `together ${t} on ${host}`;
    add(
      terms,
      at(together.groupsOf, host).map((g) => at(choice, g)),
      -count,
    );
    if (together.outside > 0) {
      const column = builder.addVariable({ name, lower: 0, upper: count, kind: 'continuous', cost: 0 });
      add(terms, [column], -1);
      outside.push({ host, column });
    }
    builder.addRow({ name, lower: -Infinity, upper: -at(today, host), ...terms });
  }
  if (outside.length > 0)
    builder.addRow({
      name: `together ${t} outside`,
      lower: -Infinity,
      upper: together.outside,
      indices: outside.map(({ column }) => column),
      values: outside.map(() => 1),
    });
  return { choice, outside };
}

/** Members on a host: Σ arrive − Σ leave, to be added to today's count. */
function membersOn({ problem, arrivalsByHost, departuresByHost }: Columns, t: number, host: number): Terms {
  const terms: Terms = { indices: [], values: [] };
  const isMember = (c: number): boolean => at(problem.classes, c).togethers.includes(t);
  for (const arrival of at(arrivalsByHost, host))
    if (isMember(arrival.classIndex)) add(terms, arrival.columns, 1);
  for (const departure of at(departuresByHost, host))
    if (isMember(departure.classIndex)) add(terms, departure.columns, -1);
  return terms;
}

/** Enters what the columns are where servers are on these hosts: the group that most are in, and who is outside. */
export function enterTogether(
  { choice, outside }: TogetherColumns,
  together: CompiledTogether,
  hostOf: Int32Array,
  values: Float64Array,
): void {
  const inside = countInGroups(together, hostOf);
  const chosen = inside.indexOf(Math.max(0, ...inside));
  for (const [g, column] of choice.entries()) values[column] = g === chosen ? 1 : 0;
  for (const { host, column } of outside)
    values[column] = at(together.groupsOf, host).includes(chosen)
      ? 0
      : together.members.filter((v) => hostOf[v] === host).length;
}
