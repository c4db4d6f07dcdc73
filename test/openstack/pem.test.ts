import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { tlsFiles } from '../../src/inventory/nova-db/tls-files.ts';
import { createHttpsTransport } from '../../src/openstack/http/https-transport.ts';
import { InputError } from '../../src/shared/diagnostic.ts';
import { temporaryFolder } from '../inventory/support/bundles.ts';

const own = (name: string): string =>
  fileURLToPath(new URL(`../support/fake-openstack/tls/${name}.pem`, import.meta.url));

function written(text: string): string {
  const path = join(temporaryFolder(), 'some.pem');
  writeFileSync(path, text);
  return path;
}

const options = { timeoutMs: 1000, connections: 1, maxReplyBytes: 100 };
const problemOf = (work: () => unknown): string => {
  try {
    work();
    return '';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return error.message;
  }
};

it.each([
  [
    'caFile',
    'garbage',
    'error cloud.tls-file: the file of cacert is no good: it holds no certificate in PEM',
  ],
  [
    'caFile',
    '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
    'error cloud.tls-file: the file of cacert is no good: its first certificate cannot be read',
  ],
  ['certFile', '', 'error cloud.tls-file: the file of cert is no good: it holds no certificate in PEM'],
  [
    'keyFile',
    '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
    'error cloud.tls-file: the file of key is no good: it holds no private key in PEM',
  ],
] as const)('a file for TLS (%s) that holds %j is refused before anything is sent', (file, text, words) => {
  const path = written(text);

  const problem = problemOf(() => createHttpsTransport({ tls: { verify: true, [file]: path }, ...options }));

  expect(problem).toContain(words);
  expect(problem).toContain(`(at ${path})`);
  expect(problem).toContain('hint: name a file in PEM');
});

it('good ones are taken, several certificates in one file too', async () => {
  const twice = written(`# of this site\n${readFileSync(own('cert'), 'utf8').repeat(2)}`);
  const tls = { verify: true, caFile: twice, certFile: own('cert'), keyFile: own('key') };

  expect(problemOf(() => createHttpsTransport({ tls, ...options }))).toBe('');
  const wish = { use: 'yes', check: 'name', ca: twice, cert: own('cert'), key: own('key') } as const;
  expect((await tlsFiles(wish)).ca).toBe(readFileSync(twice, 'utf8'));
});

it('those of a database are looked at alike', async () => {
  const ca = written('garbage');

  await expect(tlsFiles({ use: 'yes', check: 'signer', ca })).rejects.toThrow(
    `error nova-db.tls: this file of --nova-db is no good: it holds no certificate in PEM (at ${ca})`,
  );
});
