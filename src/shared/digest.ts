import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { writeCanonicalJson } from './canonical-json.ts';

/** The SHA-256 of a value's canonical JSON (RFC 8785), as 64 hexadecimal digits: equal values, equal digests. */
export function digestOf(value: unknown): string {
  const hash = sha256.create();
  const encoder = new TextEncoder();
  writeCanonicalJson(value, (chunk) => {
    hash.update(encoder.encode(chunk));
  });
  return bytesToHex(hash.digest());
}

/** The SHA-256 of bytes, as 64 hexadecimal digits. */
export const sha256OfBytes = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

/** The SHA-256 of a text's UTF-8 bytes, as 64 hexadecimal digits. */
export const sha256OfText = (text: string): string => sha256OfBytes(new TextEncoder().encode(text));
