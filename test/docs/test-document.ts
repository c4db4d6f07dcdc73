import { expect, it } from 'vitest';
import { rewrite, runDocument } from './run-documents.ts';

/** `WRITE_DOCUMENTS=1 npx vitest run test/docs` writes what is printed into the documents. */
const writes = process.env['WRITE_DOCUMENTS'] === '1';

/** A run of all commands takes minutes on a busy machine. */
const mostMs = 1_800_000;

/** Runs the commands of a document, and compares what they print with what it shows. */
export function testDocument(name: string): void {
  it(
    `${name} shows what its commands print`,
    async () => {
      const differences = await runDocument(name);

      if (writes) rewrite(name, differences);
      else expect(differences).toEqual([]);
    },
    mostMs,
  );
}
