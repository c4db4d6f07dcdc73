import type { Diagnostic } from '../shared/diagnostic.ts';
import { type Issue, type Place, schemaDiagnostics } from '../shared/schema-issues.ts';

/** What a schema found wrong in an inventory, or in a recording of which one is made. */
export const inventoryIssues = (issues: readonly Issue[], place: Omit<Place, 'document'>): Diagnostic[] =>
  schemaDiagnostics(issues, {
    ...place,
    document: 'inventory',
    mayBeSecret: (path) => mayBeSecret(path, place.source),
  });

/** What users attach to servers may be anything, passwords too. */
const mayBeSecret = (path: readonly PropertyKey[], source: string | undefined): boolean =>
  path.includes('metadata') || (source?.includes('instance_metadata') ?? false);
