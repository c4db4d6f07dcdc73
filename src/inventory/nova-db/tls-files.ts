import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
import { pemProblem } from '../../openstack/http/pem.ts';
import { InputError } from '../../shared/diagnostic.ts';
import { ioProblem, isSystemError } from '../io-problem.ts';
import { mapIf, present } from '../present.ts';
import type { TlsWish } from './tls-wish.ts';

/** The files of a wish, as Node wants them. @throws InputError when one cannot be read. */
export async function tlsFiles({
  ca,
  cert,
  key,
}: TlsWish): Promise<Pick<ConnectionOptions, 'ca' | 'cert' | 'key'>> {
  return present({
    ca: await mapIf(ca, (path) => contentOf('certificate', path)),
    cert: await mapIf(cert, (path) => contentOf('certificate', path)),
    key: await mapIf(key, (path) => contentOf('key', path)),
  });
}

const hint = 'name a file in PEM that this user may read';

async function contentOf(what: 'certificate' | 'key', path: string): Promise<string> {
  try {
    const content = await readFile(path, 'utf8');
    const problem = pemProblem(what, content);
    if (problem === undefined) return content;
    const summary = `this file of --nova-db is no good: ${problem}`;
    throw new InputError([{ code: 'nova-db.tls', severity: 'error', summary, source: path, hint }]);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new InputError([{ ...ioProblem('nova-db.tls', 'read', path, error), hint }], { cause: error });
  }
}
