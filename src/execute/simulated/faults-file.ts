import { z } from 'zod';
import { InputError } from '../../shared/diagnostic.ts';
import { parseJsonText } from '../../shared/parse-json.ts';
import { schemaDiagnostics } from '../../shared/schema-issues.ts';
import { faultKinds, type Faults } from './faults.ts';

const kind = z.enum(faultKinds);
const name = z.string().min(1);
const seconds = z.number().min(0);

const faultsSchema = z.strictObject({
  formatVersion: z.literal(1),
  faults: z
    .array(
      z.union([
        z.strictObject({
          kind: z.literal('host-down'),
          host: name,
          atSeconds: seconds,
          untilSeconds: seconds.exactOptional(),
        }),
        z.strictObject({
          kind,
          server: name,
          times: z.int().min(1).exactOptional(),
          factor: z.number().min(0.01).exactOptional(),
        }),
      ]),
    )
    .default([]),
  rates: z.partialRecord(kind, z.number().min(0).max(1)).default({}),
});

/**
 * Reads the text of a faults file.
 *
 * @throws InputError with every problem.
 */
export function parseFaults(text: string, source: string): Faults {
  const input = parseJsonText(text, 'faults', source);
  const parsed = faultsSchema.safeParse(input);
  if (!parsed.success)
    throw new InputError(schemaDiagnostics(parsed.error.issues, { document: 'faults', source, input }));
  const { faults, rates } = parsed.data;
  return { faults, rates };
}
