import { at } from '../../shared/at.ts';
import type { Columns } from './assignment-columns.ts';
import type { CompiledDomain } from '../compile/compiled.ts';
import type { ModelBuilder } from './linear-model.ts';
import { add, type Terms } from './row-terms.ts';

/** Members on the hosts of one domain: Σ arrive − Σ leave, to be added to today's count. */
function memberTerms(columns: Columns, d: number, hosts: readonly number[]): Terms & { arriving: boolean } {
  const terms = { indices: [], values: [], arriving: false };
  const isMember = (c: number): boolean => at(columns.problem.classes, c).domains.includes(d);
  for (const h of hosts) {
    for (const arrival of at(columns.arrivalsByHost, h)) {
      if (!isMember(arrival.classIndex)) continue;
      terms.arriving = true;
      add(terms, arrival.columns, 1);
    }
    for (const departure of at(columns.departuresByHost, h))
      if (isMember(departure.classIndex)) add(terms, departure.columns, -1);
  }
  return terms;
}

/** Today's number of members by domain; of fixed members only, with `fixedOnly`. */
export function countMembers(
  problem: Columns['problem'],
  domain: CompiledDomain,
  fixedOnly = false,
): Int32Array {
  const counts = new Int32Array(domain.count);
  for (const v of domain.members) {
    const i = at(domain.domainOf, at(problem.start, v));
    if (!fixedOnly || problem.fixed[v] === 1) counts[i] = at(counts, i) + 1;
  }
  return counts;
}

/**
 * Domain constraints: today + Σ arrive − Σ leave <= atMost, times `used` where the domain is one host; and with
 * in[i] ∈ {0, 1}:  in[i] <= members in domain i,  Σ in >= atLeast.
 *
 * @returns the columns `in`, by constraint and domain
 */
export function addDomainRows(builder: ModelBuilder, columns: Columns): readonly (readonly number[])[] {
  const { problem, used } = columns;
  return problem.domains.map((domain, d) => {
    const today = countMembers(problem, domain);
    const hostsOf: number[][] = Array.from({ length: domain.count }, () => []);
    for (const [h, i] of domain.domainOf.entries()) hostsOf[i]?.push(h);
    const spread: number[] = [];
    const spreads = domain.atLeast > countMembers(problem, domain, true).filter((count) => count > 0).length;
    for (const [i, hosts] of hostsOf.entries()) {
      const { arriving, ...terms } = memberTerms(columns, d, hosts);
      const now = at(today, i);
      if (spreads) spread.push(addSpread(builder, `in ${d} ${i}`, terms, now));
      const atMost = at(domain.atMost, i);
      if ((!arriving && now <= atMost) || atMost >= domain.members.length) continue;
      const [only = -1] = hosts;
      const y = hosts.length === 1 ? at(used, only) : -1;
      if (y >= 0) add(terms, [y], -atMost);
      builder.addRow({
        name: `domain ${d} ${i}`,
        lower: -Infinity,
        upper: (y >= 0 ? 0 : atMost) - now,
        ...terms,
      });
    }
    if (spreads)
      builder.addRow({
        name: `spread ${d}`,
        lower: domain.atLeast,
        upper: Infinity,
        indices: spread,
        values: spread.map(() => 1),
      });
    return spread;
  });
}

function addSpread(builder: ModelBuilder, name: string, terms: Terms, today: number): number {
  const column = builder.addVariable({ name, lower: 0, upper: 1, kind: 'integer', cost: 0 });
  builder.addRow({
    name,
    lower: -today,
    upper: Infinity,
    indices: [...terms.indices, column],
    values: [...terms.values, -1],
  });
  return column;
}
