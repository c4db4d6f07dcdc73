import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import { showName } from '../../shared/text.ts';

/** A key whose approvals count. */
export interface Approver {
  readonly key: KeyObject;
  readonly fingerprint: string;
  /** The line before the key in its file; absent where there is none. */
  readonly name?: string;
}

/** `SHA256:` and the base64 digest of the public key (its SubjectPublicKeyInfo in DER), for people and files. */
export function fingerprintOf(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return `SHA256:${createHash('sha256').update(der).digest('base64').replaceAll('=', '')}`;
}

/**
 * The Ed25519 private key of a PEM text (PKCS 8, may be encrypted).
 *
 * @throws InputError when it is none, or the passphrase does not open it; nothing of the key is told.
 */
export function readPrivateKey(pem: string, source: string, passphrase: string | undefined): KeyObject {
  if (/^-+BEGIN ENCRYPTED PRIVATE KEY/m.test(pem) && passphrase === undefined)
    throw new InputError([refused(source, 'the key is encrypted', 'set PLANNER_KEY_PASSPHRASE')]);
  try {
    const key = createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) });
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Told below: the error of the library may quote what it could not read.
  }
  throw new InputError([
    refused(
      source,
      'not a private Ed25519 key in PEM that can be opened',
      'make one with `openssl genpkey -algorithm ed25519 -out me.key`',
    ),
  ]);
}

const block = /-----BEGIN ([A-Z0-9 ]+)-----[^-]*-----END \1-----/g;

/**
 * The public Ed25519 keys of a PEM text, each with the line before it as a name.
 *
 * @throws InputError with every block that is none, or when there is no key at all.
 */
export function readApprovers(text: string, source: string): readonly Approver[] {
  const problems: Diagnostic[] = [];
  const approvers: Approver[] = [];
  let end = 0;
  for (const found of text.matchAll(block)) {
    const name = text.slice(end, found.index).trim().split('\n').at(-1)?.trim() ?? '';
    end = found.index + found[0].length;
    const key = publicKeyOf(found[0], found[1]);
    if (key === undefined)
      problems.push(
        refused(source, `key ${approvers.length + problems.length + 1} is no public Ed25519 key`, toPublic),
      );
    else
      approvers.push({ key, fingerprint: fingerprintOf(key), ...(name !== '' && { name: showName(name) }) });
  }
  if (approvers.length === 0 && problems.length === 0)
    problems.push(refused(source, 'there is no public key in PEM', toPublic));
  if (problems.length > 0) throw new InputError(problems);
  return approvers;
}

const toPublic = 'write it with `openssl pkey -in me.key -pubout`';

/** A private key is refused too, though its public half could be taken: it does not belong there. */
function publicKeyOf(pem: string, label: string | undefined): KeyObject | undefined {
  if (label !== 'PUBLIC KEY') return undefined;
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

const refused = (source: string, summary: string, hint: string): Diagnostic => ({
  code: 'approval.key',
  severity: 'error',
  summary,
  source,
  hint,
});
