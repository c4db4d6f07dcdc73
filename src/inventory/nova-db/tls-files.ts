import { readFile } from 'node:fs/promises';
import type { ConnectionOptions } from 'node:tls';
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
    ca: await mapIf(ca, contentOf),
    cert: await mapIf(cert, contentOf),
    key: await mapIf(key, contentOf),
  });
}

async function contentOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (!isSystemError(error)) throw error;
    const hint = 'name a file in PEM that this user may read';
    throw new InputError([{ ...ioProblem('nova-db.tls', 'read', path, error), hint }], { cause: error });
  }
}
