import { z } from 'zod';
import { matchImage } from '../../src/nova/image-props.ts';
import { optionalCount, optionalText, strings } from './schema.ts';

const Input = z.object({
  imageProperties: strings,
  host: z.object({
    supportedInstances: z.array(z.array(z.string())),
    hypervisorVersion: optionalCount,
  }),
  defaultArchitecture: optionalText,
});

export function imageProps(input: unknown) {
  const { imageProperties, host, defaultArchitecture } = Input.parse(input);
  const verdict = matchImage(imageProperties, host, defaultArchitecture);
  return verdict.kind === 'error'
    ? { error: verdict.errorClass, stage: verdict.stage }
    : { passes: verdict.kind === 'yes' };
}
