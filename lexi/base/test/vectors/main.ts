import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { agreementOf, agreementTable, moreFiles, recordedFiles } from './agreement.ts';
import { answer, BadCases, readCases } from './cases.ts';

const usage = `usage: npm run --silent vectors -- --in CASES.jsonl[.gz] --out ANSWERS.jsonl
       npm run --silent vectors
The first answers the cases of a file, the second compares our answers with the recorded verdicts.`;

class BadOptions extends Error {
  readonly code = 'BAD_OPTIONS';
}

process.exitCode = await main(process.argv.slice(2));

async function main(args: readonly string[]): Promise<number> {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { in: { type: 'string' }, out: { type: 'string' } },
    });
    if (values.in === undefined && values.out === undefined) return await compareRecorded();
    if (values.in === undefined || values.out === undefined)
      throw new BadOptions('--in and --out go together');
    await answerFile(values.in, values.out);
    return 0;
  } catch (error) {
    if (!isUserError(error)) throw error;
    process.stderr.write(`error: ${error.message}\n${isUsageError(error) ? `${usage}\n` : ''}`);
    return 2;
  }
}

/** Writes one answer a case, beside the output and renamed at the end: there is a whole file or none. */
async function answerFile(input: string, output: string): Promise<void> {
  const partial = `${output}.partial-${process.pid}`;
  const stream = createWriteStream(partial);
  const done = finished(stream);
  done.catch(() => undefined); // awaited below
  try {
    for await (const each of readCases(input)) {
      const line = `${JSON.stringify({ id: each.id, verdict: answer(input, each) })}\n`;
      if (!stream.write(line)) await Promise.race([once(stream, 'drain'), done]);
    }
    stream.end();
    await done;
    renameSync(partial, output);
  } catch (error) {
    stream.destroy();
    rmSync(partial, { force: true });
    throw error;
  }
}

async function compareRecorded(): Promise<number> {
  const agreements = [];
  for (const file of recordedFiles()) agreements.push(await agreementOf(file));
  for (const file of moreFiles()) {
    const agreement = await agreementOf(file);
    agreements.push({ ...agreement, suite: `${agreement.suite} (more)` });
  }
  process.stdout.write(`${agreementTable(agreements)}\n`);
  const disagreeing = agreements.flatMap((agreement) => agreement.disagreeing);
  if (disagreeing.length > 0)
    process.stderr.write(`not as recorded: ${disagreeing.slice(0, 20).join(' ')}\n`);
  return agreements.every(({ cases, agreeing }) => cases === agreeing) ? 0 : 1;
}

function isUsageError(error: Error): boolean {
  return error instanceof BadOptions || ('code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
}

/** Bad cases, bad options, or a file that cannot be read or written. */
function isUserError(error: unknown): error is Error {
  return error instanceof Error && (error instanceof BadCases || 'code' in error);
}
