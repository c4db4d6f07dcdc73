import type { Diagnostic } from '../shared/diagnostic.ts';

const hints: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file: make one with `planner import`, or name another with --inventory'],
  ['EACCES', 'the file may not be opened by this user'],
  ['EISDIR', 'this is a directory: name a file'],
  ['ENOSPC', 'the disk is full'],
  ['Z_BUF_ERROR', 'the gzipped file was cut off: write or copy it again'],
  ['Z_DATA_ERROR', 'the gzipped file is damaged: write or copy it again'],
]);

/** Why a file could not be read or written, and what to do. */
export function ioProblem(
  code: Diagnostic['code'],
  verb: string,
  path: string,
  error: NodeJS.ErrnoException,
): Diagnostic {
  const hint = hints.get(error.code ?? '');
  return {
    code,
    severity: 'error',
    summary: `the file cannot be ${verb}: ${error.code ?? error.message}`,
    source: path,
    ...(hint !== undefined && { hint }),
  };
}

/** An error of the file system or of zlib, not of ours. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && 'code' in error;
