import { z } from 'zod';
import { InputError } from '../../shared/diagnostic.ts';
import { parseJsonText } from '../../shared/parse-json.ts';
import { schemaDiagnostics } from '../../shared/schema-issues.ts';
import type { Approval } from './approval.ts';

const approvalSchema = z.strictObject({
  formatVersion: z.literal(1),
  kind: z.literal('approval'),
  plan: z.string(),
  planSha256: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 digest of 64 hexadecimal digits'),
  approvedAt: z.iso.datetime({ offset: true }),
  key: z.string().regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'a fingerprint such as SHA256:…'),
  comment: z.string().exactOptional(),
  signature: z.base64().length(88),
});

/**
 * Reads the text of an approval.
 *
 * @throws InputError with every problem.
 */
export function parseApproval(text: string, source: string): Approval {
  const input = parseJsonText(text, 'approval', source, 'an approval is what `planner approve` writes');
  const parsed = approvalSchema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new InputError(schemaDiagnostics(parsed.error.issues, { document: 'approval', source, input }));
}
