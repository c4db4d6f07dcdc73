import { canonicalArchitecture } from './image-names.ts';
import { readImageProperties } from './image-properties.ts';
import { satisfiesPredicate, type VersionPredicate, versionNumberToText } from './version-predicate.ts';

/** What the filter reads of a host. */
export interface ImageHostFacts {
  /** [architecture, hypervisor type, VM mode] that the host can run. */
  readonly supportedInstances: readonly (readonly string[])[];
  /** As an integer, three digits a place: 7002000 is 7.2.0. Undefined or 0: unknown. */
  readonly hypervisorVersion: number | undefined;
}

/** `errorClass` is Nova's exception, `stage` whether the image itself or the filter raises it; both refuse the host. */
export type ImageVerdict =
  | { readonly kind: 'yes' }
  | { readonly kind: 'no' }
  | { readonly kind: 'error'; readonly errorClass: string; readonly stage: 'image' | 'filter' };

/**
 * The verdict of ImagePropertiesFilter: architecture, hypervisor type and VM mode of the image must stand in one of
 * the host's triples, and the hypervisor must have the version asked for.
 *
 * Without any of the three (and without a default architecture) the version is not looked at either.
 * Source: `scheduler/filters/image_props_filter.py`.
 */
export function matchImage(
  imageProperties: Readonly<Record<string, string>>,
  host: ImageHostFacts,
  defaultArchitecture: string | undefined,
): ImageVerdict {
  const image = readImageProperties(imageProperties);
  if (!image.ok) return { kind: 'error', errorClass: image.error.errorClass, stage: 'image' };
  const { hypervisorType, vmMode, hypervisorVersion } = image.value;
  let { architecture } = image.value;
  if (architecture === undefined && defaultArchitecture !== undefined) {
    architecture = canonicalArchitecture(defaultArchitecture);
    if (architecture === undefined)
      return { kind: 'error', errorClass: 'InvalidArchitectureName', stage: 'filter' };
  }
  const wanted = [architecture, hypervisorType, vmMode].filter((name) => name !== undefined);
  if (wanted.length === 0) return { kind: 'yes' };
  const supported = host.supportedInstances.some((triple) => wanted.every((name) => triple.includes(name)));
  return supported ? matchVersion(hypervisorVersion, host.hypervisorVersion) : { kind: 'no' };
}

function matchVersion(predicate: VersionPredicate | undefined, version: number | undefined): ImageVerdict {
  if (predicate === undefined || version === undefined || version === 0) return { kind: 'yes' };
  const satisfied = satisfiesPredicate(predicate, versionNumberToText(version));
  if (satisfied === undefined) return { kind: 'error', errorClass: 'ValueError', stage: 'filter' };
  return { kind: satisfied ? 'yes' : 'no' };
}
