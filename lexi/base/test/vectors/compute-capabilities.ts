import { z } from 'zod';
import { matchCapabilities } from '../../src/nova/compute-capabilities.ts';
import { describe } from './aggregate-extra-specs.ts';
import { strings } from './schema.ts';

const members = z.record(z.string(), z.unknown());
const Input = z.object({
  extraSpecs: strings,
  host: z.object({ attributes: members, stats: members }),
});

export function computeCapabilities(input: unknown) {
  const { extraSpecs, host } = Input.parse(input);
  return describe(matchCapabilities(extraSpecs, host));
}
