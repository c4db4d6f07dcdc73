import type { Cloud } from '../../model/cloud.ts';
import type { Migration } from '../../model/migration.ts';

export const hourMs = 3_600_000;

/** How long a migration has been in its status when the cloud was read; absent where no time was told. */
export function ageMs({ createdAt, updatedAt }: Migration, { capturedAt }: Cloud): number | undefined {
  const since = updatedAt ?? createdAt;
  return since === undefined ? undefined : Date.parse(capturedAt) - Date.parse(since);
}

/** An age in words. */
export function hours(ms: number): string {
  const all = Math.floor(ms / hourMs);
  return all < 48 ? `${all} h` : `${Math.floor(all / 24)} d`;
}
