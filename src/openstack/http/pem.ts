import { createPrivateKey, X509Certificate } from 'node:crypto';

/** What keeps a file from being what TLS wants of it, in words; undefined where nothing does. OpenSSL tells it too late. */
export function pemProblem(what: 'certificate' | 'key', text: string): string | undefined {
  const blocks = text.match(/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----[^-]*-----END/g) ?? [];
  if (what === 'certificate' && blocks.length === 0) return 'it holds no certificate in PEM';
  const read = { certificate: () => new X509Certificate(text), key: () => createPrivateKey(text) };
  try {
    read[what]();
    return undefined;
  } catch {
    return what === 'certificate'
      ? 'its first certificate cannot be read'
      : 'it holds no private key in PEM that can be read without a passphrase';
  }
}
