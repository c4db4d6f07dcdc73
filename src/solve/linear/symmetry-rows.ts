import { at } from '../../shared/at.ts';
import { groupBy } from '../../shared/collections.ts';
import type { Columns } from './assignment-columns.ts';
import type { ModelBuilder } from './linear-model.ts';

/**
 * Empty hosts that differ in nothing are used in order: used[h1] >= used[h2] >= … Any answer can be renamed to obey,
 * so no optimum is lost, and the solver need not try the same set of hosts under every name.
 *
 * @returns the groups of hosts that were ordered
 */
export function addSymmetryRows(builder: ModelBuilder, columns: Columns): readonly (readonly number[])[] {
  const { problem, used } = columns;
  if (problem.hasTwin || problem.objective.couples || problem.objective.routes !== undefined) return [];
  if (problem.ceilings !== undefined) return [];
  const named = new Set(problem.noGoods.map(({ host }) => host));
  const occupied = new Set(problem.start);
  const candidates = problem.hosts
    .map((_, h) => h)
    .filter((h) => at(used, h) >= 0 && !occupied.has(h) && !named.has(h));
  const groups = [...groupBy(candidates, (h) => signatureOf(columns, h)).values()].filter(
    (group) => group.length > 1,
  );
  for (const group of groups)
    for (let i = 1; i < group.length; i += 1)
      builder.addRow({
        name: `order ${at(group, i - 1)} ${at(group, i)}`,
        lower: 0,
        upper: Infinity,
        indices: [at(used, at(group, i - 1)), at(used, at(group, i))],
        values: [1, -1],
      });
  return groups;
}

/** Everything that the model knows of an empty host. */
function signatureOf({ problem, arrivalsByHost }: Columns, h: number): string {
  const { limit, capacityCount, hosts, cellFits, domains, togethers, objective } = problem;
  const limits = Array.from({ length: capacityCount }, (_, p) => at(limit, p * hosts.length + h));
  const cells = cellFits.map(({ base, cellCount, quantities }) => {
    const first = at(base, h);
    return first < 0 ? '-' : limit.subarray(first, first + at(cellCount, h) * quantities).join(',');
  });
  const places = domains.map(({ per, domainOf, atMost }) =>
    per === 'host' ? at(atMost, at(domainOf, h)) : `in ${at(domainOf, h)}`,
  );
  const groups = togethers.map(({ single, groupsOf }) => (single ? '-' : at(groupsOf, h).join(' ')));
  const loads = objective.curves.map(({ counts, constant, parts }) =>
    [at(counts, h), at(constant, h), ...parts.map(({ factor }) => at(factor, h))].join('*'),
  );
  const classes = at(arrivalsByHost, h).map(({ classIndex, upper }) => `${classIndex}:${upper}`);
  return [
    limits.join(','),
    cells.join('/'),
    places.join(','),
    groups.join(','),
    loads.join(','),
    at(objective.kindOf, h),
    at(objective.hostPrice, h),
    classes.join(','),
  ].join('|');
}
