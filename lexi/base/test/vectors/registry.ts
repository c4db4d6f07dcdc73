import { aggregateExtraSpecs } from './aggregate-extra-specs.ts';
import { computeCapabilities } from './compute-capabilities.ts';
import { cpuCompare } from './cpu-compare.ts';
import { imageProps } from './image-props.ts';
import { numaConstraints } from './numa-constraints.ts';
import { numaFit } from './numa-fit.ts';
import { numaPciFit } from './numa-pci-fit.ts';
import { pciDevices } from './pci-devices.ts';
import { pciPools } from './pci-pools.ts';
import { placementCapacity } from './placement-capacity.ts';
import { serverGroup } from './server-group.ts';
import { usage } from './usage.ts';

/** How to answer a suite, and what of its expected answer is for information only. */
export interface Suite {
  readonly answer: (input: unknown) => object;
  /** Names of members, at any depth, that are not compared. */
  readonly info: readonly string[];
}

/** Every suite of FORMAT.md. */
export const suites: ReadonlyMap<string, Suite> = new Map([
  ['numa-constraints', { answer: numaConstraints, info: [] }],
  ['numa-fit', { answer: numaFit, info: ['exactPinning'] }],
  ['numa-pci-fit', { answer: numaPciFit, info: ['exactPinning', 'remainingPci'] }],
  ['pci-pools', { answer: pciPools, info: ['remaining'] }],
  ['pci-devices', { answer: pciDevices, info: ['schedulerAccepts'] }],
  ['aggregate-extra-specs', { answer: aggregateExtraSpecs, info: [] }],
  ['image-props', { answer: imageProps, info: [] }],
  ['compute-capabilities', { answer: computeCapabilities, info: [] }],
  ['server-group', { answer: serverGroup, info: [] }],
  ['placement-capacity', { answer: placementCapacity, info: ['capacityUnits'] }],
  ['usage', { answer: usage, info: [] }],
  ['cpu-compare', { answer: cpuCompare, info: ['missingFeatures', 'setRule'] }],
]);
