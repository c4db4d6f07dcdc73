import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { canonicalJson } from '../../shared/canonical-json.ts';
import { type Approver, fingerprintOf } from './keys.ts';

/** Somebody's word that a plan may be carried out: it stands beside the plan and holds for these bytes alone. */
export interface Approval {
  readonly formatVersion: 1;
  readonly kind: 'approval';
  /** The id of the plan, for people. */
  readonly plan: string;
  /** SHA-256 of the bytes of the plan's file, as 64 hexadecimal digits. */
  readonly planSha256: string;
  readonly approvedAt: string;
  /** The fingerprint of the key that signs. */
  readonly key: string;
  /** What the approver has to say; absent where that is nothing. */
  readonly comment?: string;
  /** Ed25519 (RFC 8032) over the canonical JSON (RFC 8785) of all other members, in base64. */
  readonly signature: string;
}

/** Signs a plan's bytes. */
export function approve(
  what: Pick<Approval, 'plan' | 'planSha256' | 'approvedAt' | 'comment'>,
  privateKey: KeyObject,
): Approval {
  const key = fingerprintOf(createPublicKey(privateKey));
  const words = { formatVersion: 1, kind: 'approval', ...what, key } as const;
  return { ...words, signature: sign(null, bytesOf(words), privateKey).toString('base64') };
}

/** Why an approval does not count. */
export type Flaw = 'other-bytes' | 'unknown-key' | 'wrong-signature';

/** Whose approval it is; or why it counts for nothing. */
export function approverOf(
  approval: Approval,
  planSha256: string,
  approvers: readonly Approver[],
): Approver | Flaw {
  if (approval.planSha256 !== planSha256) return 'other-bytes';
  const approver = approvers.find(({ fingerprint }) => fingerprint === approval.key);
  if (approver === undefined) return 'unknown-key';
  const { signature, ...words } = approval;
  const good = verify(null, bytesOf(words), approver.key, Buffer.from(signature, 'base64'));
  return good ? approver : 'wrong-signature';
}

const bytesOf = (words: Omit<Approval, 'signature'>): Buffer => Buffer.from(canonicalJson(words), 'utf8');

/**
 * The demands that are not met: each wants the approval of one of its keys, and nobody's approval counts for two.
 *
 * @param demands fingerprints that may meet each demand
 * @param given fingerprints of those who have approved
 */
export function unmetDemands(
  demands: readonly ReadonlySet<string>[],
  given: ReadonlySet<string>,
): readonly number[] {
  const demandOf = new Map<string, number>();
  /** Finds somebody for a demand, if need be by finding somebody else for another (Kuhn's augmenting path). */
  const meet = (demand: number, asked: Set<string>): boolean => {
    for (const key of demands[demand] ?? []) {
      if (!given.has(key) || asked.has(key)) continue;
      asked.add(key);
      const other = demandOf.get(key);
      if (other !== undefined && !meet(other, asked)) continue;
      demandOf.set(key, demand);
      return true;
    }
    return false;
  };
  return demands.flatMap((_, demand) => (meet(demand, new Set()) ? [] : [demand]));
}
