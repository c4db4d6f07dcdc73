import type { Server } from '../../model/server.ts';
import { lookup } from '../../nova/lookup.ts';
import { metadataOf, runsFilter, valuesOf } from '../aggregates.ts';
import type { RuleContext } from '../context.ts';
import { pairRule } from '../pair-rule.ts';
import { type Verdict, yes } from '../rule.ts';

/**
 * Where an aggregate of the host names an image property, an image that has the property has one of the values named.
 * Holds where AggregateImagePropertiesIsolation is enabled; only keys under its namespace count, where it has one.
 *
 * Source: scheduler/filters/aggregate_image_properties_isolation.py. Nova compares the properties
 * that it knows by name, which all begin with hw_, img_ or os_.
 */
export const imageIsolation = pairRule({
  id: 'image-isolation',
  askedBy: 'scheduler',
  signatureOf: ({ imageProperties }, { cloud }) =>
    imageProperties === undefined
      ? 'unknown'
      : JSON.stringify(isolatingKeys(cloud).map((key) => lookup(imageProperties, key))),
  judge({ server, to }, context) {
    const { cloud } = context;
    if (!runsFilter(cloud, 'AggregateImagePropertiesIsolation')) return yes;
    const keys = new Set(
      metadataOf(to, cloud).flatMap((metadata) => Object.keys(metadata).filter(isProperty(cloud))),
    );
    if (keys.size === 0) return yes;
    if (server.imageProperties === undefined) return unknown;
    const names = [...keys].toSorted().flatMap((key) => clash(server, key, valuesOf(to, key, cloud)));
    if (names.length === 0) return yes;
    return { kind: 'no', measured: names.length, limit: 0, unit: 'foreign images', where: to.id, names };
  },
  describe: ({ where, names }) =>
    `host ${where} is kept for other images: the server's has ${(names ?? []).join(', ')}`,
});

function clash({ imageProperties = {} }: Server, key: string, values: readonly string[]): readonly string[] {
  const own = lookup(imageProperties, key);
  if (own === undefined || own === '') return [];
  // Only distributions are compared without regard to case.
  const asked = key === 'os_distro' ? own.toLowerCase() : own;
  const kept = key === 'os_distro' ? values.map((value) => value.toLowerCase()) : values;
  return kept.includes(asked) ? [] : [`${key}=${own}`];
}

const isProperty =
  ({ config }: RuleContext['cloud']) =>
  (key: string): boolean =>
    /^(hw|img|os)_/.test(key) && key.startsWith(config.imageIsolationPrefix.value ?? '');

/** Keys that any aggregate isolates by, ascending. */
const isolatingKeys = (cloud: RuleContext['cloud']): readonly string[] => {
  const keys = [...cloud.aggregates.values()].flatMap(({ metadata }) => Object.keys(metadata));
  return [...new Set(keys)].filter(isProperty(cloud)).toSorted();
};

const unknown: Verdict = {
  kind: 'unknown',
  missing: ['servers[].imageProperties'],
  safe: 'no',
  assumption:
    'the image properties of some servers are not known: they keep off hosts kept for certain images',
};
