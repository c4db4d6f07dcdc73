import { z } from 'zod';
import { matchAggregates } from '../../src/nova/aggregate-extra-specs.ts';
import { matchExtraSpec, type OperatorVerdict } from '../../src/nova/extra-specs-ops.ts';
import { strings } from './schema.ts';

const Input = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('match'), value: z.string(), requirement: z.string() }),
  z.object({
    kind: z.literal('filter'),
    extraSpecs: strings,
    aggregates: z.array(z.object({ metadata: strings })),
  }),
]);

export function aggregateExtraSpecs(input: unknown) {
  const parsed = Input.parse(input);
  if (parsed.kind === 'match') return describe(matchExtraSpec(parsed.value, parsed.requirement));
  const metadata = parsed.aggregates.map((aggregate) => aggregate.metadata);
  return describe(matchAggregates(parsed.extraSpecs, metadata));
}

export function describe(verdict: OperatorVerdict) {
  return verdict === 'yes' || verdict === 'no' ? { passes: verdict === 'yes' } : { error: verdict };
}
