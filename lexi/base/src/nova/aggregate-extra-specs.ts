import { matchExtraSpec, type OperatorVerdict } from './extra-specs-ops.ts';
import { pythonStrip } from './python-text.ts';

const scope = 'aggregate_instance_extra_specs';

/**
 * The verdict of AggregateInstanceExtraSpecsFilter on a host in these aggregates (their metadata).
 *
 * Each extra spec without a scope, and each of scope `aggregate_instance_extra_specs`, must match one value of that
 * key: metadata values are comma lists, taken together over all aggregates. The first extra spec that fails decides.
 * Nova tries the values of a key in no particular order, so where one matches and another cannot be compared its
 * verdict is open; here a match wins. Source: `scheduler/filters/aggregate_instance_extra_specs.py`.
 */
export function matchAggregates(
  extraSpecs: Readonly<Record<string, string>>,
  aggregates: readonly Readonly<Record<string, string>>[],
): OperatorVerdict {
  for (const [name, requirement] of Object.entries(extraSpecs)) {
    const key = aggregateKey(name);
    if (key === undefined) continue;
    const values = aggregates.flatMap((metadata) =>
      Object.hasOwn(metadata, key) ? [metadata[key] ?? ''] : [],
    );
    const verdict = matchOne(
      values.flatMap((value) => value.split(',').map((item) => pythonStrip(item))),
      requirement,
    );
    if (verdict !== 'yes') return verdict;
  }
  return 'yes';
}

/** The metadata key that an extra spec speaks of; undefined when it speaks of something else. */
export function aggregateKey(extraSpec: string): string | undefined {
  const colon = extraSpec.indexOf(':');
  if (colon < 0) return extraSpec;
  return extraSpec.slice(0, colon) === scope ? extraSpec.slice(colon + 1) : undefined;
}

function matchOne(values: readonly string[], requirement: string): OperatorVerdict {
  const verdicts = values.map((value) => matchExtraSpec(value, requirement));
  if (verdicts.includes('yes')) return 'yes';
  return verdicts.find((verdict) => verdict !== 'no') ?? 'no';
}
