import { z } from 'zod';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import { plainJson } from '../../shared/plain-json.ts';
import { schemaDiagnostics } from '../../shared/schema-issues.ts';
import type { JournalEntry } from './entry.ts';

/** The only format version that this program reads and writes. */
const formatVersion = 1;

const text = z.string();
const name = text.min(1);
const step = z.string().regex(/^[a-z]+[1-9][0-9]*$/, 'the id of a step, such as m1');
const attempt = z.int().min(1);
const migration = z.int().min(0);
const status = z.enum(['enabled', 'disabled']);
const call = z.enum([
  'live',
  'cold',
  'evacuate',
  'confirm',
  'revert',
  'stop',
  'start',
  'disable',
  'enable',
  'abort',
  'force-complete',
]);
const seen = z.strictObject({ host: name.exactOptional(), status: text });
const time = z.iso.datetime({ offset: true });
const runnerProcess = z.strictObject({ pid: z.int().min(0), host: name, startedAt: time });

const line = { seq: z.int().min(1), at: time };
const entry = <Kind extends string, Shape extends z.ZodRawShape>(kind: Kind, shape: Shape) =>
  z.strictObject({ kind: z.literal(kind), ...line, ...shape });

const failure = {
  meaning: z.strictObject({ code: name, means: text, next: text }).exactOptional(),
  seen: z.strictObject({ host: name.exactOptional(), status: text }).exactOptional(),
};

const entrySchema = z.discriminatedUnion('kind', [
  entry('run-started', {
    formatVersion: z.literal(formatVersion),
    plan: name,
    cloud: name,
    simulated: z.boolean(),
    process: runnerProcess,
  }),
  entry('run-resumed', { process: runnerProcess }),
  entry('service-found', { host: name, status, reason: text.exactOptional() }),
  entry('calling', {
    step,
    call,
    attempt,
    before: z.strictObject({
      migration: migration.exactOptional(),
      action: text.exactOptional(),
      host: name.exactOptional(),
      status: text.exactOptional(),
    }),
  }),
  entry('answered', {
    step,
    call,
    attempt,
    answer: z.enum(['accepted', 'refused', 'lost']),
    text: text.exactOptional(),
    requestId: text.exactOptional(),
  }),
  entry('reconciled', { step, call, arrived: z.boolean() }),
  entry('progress', { step, status: text, migration: migration.exactOptional(), claimed: z.boolean() }),
  entry('step-done', { step, note: text.exactOptional(), cells: z.array(z.int().min(0)).exactOptional() }),
  entry('step-failed', { step, text, read: text.exactOptional(), ...failure }),
  entry('reverted', { step, of: step, text, ...failure }),
  entry('seen-again', { step, seen }),
  entry('step-retry', { step, text, notBefore: time }),
  entry('cells-differ', { step, text }),
  entry('rechecked', { problems: z.array(text) }),
  entry('replanned', {
    plan: name,
    file: name,
    text,
    failed: z.array(z.strictObject({ server: name, times: z.int().min(1) })),
    ended: z.array(z.strictObject({ server: name, at: time, left: name.exactOptional() })).exactOptional(),
  }),
  entry('service-restored', { host: name, status }),
  entry('waiting', { until: time, text }),
  entry('note', { text, step: step.exactOptional() }),
  entry('stopping', { text, abort: z.boolean() }),
  entry('run-ended', {
    outcome: z.enum(['done', 'stopped', 'failed']),
    text,
    requests: z.int().min(0),
  }),
]);

/** A journal, read. */
export interface ReadJournal {
  readonly entries: readonly JournalEntry[];
  /** Bytes of whole lines; what follows is a line that was cut off, and is to be written over. */
  readonly wholeBytes: number;
}

/**
 * Reads the text of a journal. A last line that was cut off is normal: whoever wrote it was killed, and nothing was
 * done yet for it.
 *
 * @throws InputError with every line that is malformed, and when the journal begins with something else.
 */
export function parseJournal(textOfJournal: string, source = 'the journal'): ReadJournal {
  const whole = textOfJournal.slice(0, textOfJournal.lastIndexOf('\n') + 1);
  const lines = whole.split('\n').slice(0, -1);
  const problems: Diagnostic[] = [];
  const entries = lines.flatMap((text, index): readonly JournalEntry[] => {
    const read = parseLine(text, `${source} line ${index + 1}`);
    problems.push(...read.problems);
    return read.entry === undefined ? [] : [read.entry];
  });
  if (problems.length === 0) problems.push(...orderProblems(entries, source));
  if (problems.length > 0) throw new InputError(problems);
  return { entries, wholeBytes: new TextEncoder().encode(whole).length };
}

interface ReadLine {
  readonly entry?: JournalEntry;
  readonly problems: readonly Diagnostic[];
}

function parseLine(textOfLine: string, source: string): ReadLine {
  let input: unknown;
  try {
    input = plainJson(JSON.parse(textOfLine)).value;
  } catch {
    return { problems: [{ code: 'journal.not-json', severity: 'error', summary: 'not JSON', source }] };
  }
  const version = versionOf.safeParse(input);
  if (version.success && version.data.formatVersion !== formatVersion)
    return { problems: [otherVersion(version.data.formatVersion, source)] };
  const parsed = entrySchema.safeParse(input);
  if (parsed.success) return { entry: parsed.data, problems: [] };
  return { problems: schemaDiagnostics(parsed.error.issues, { document: 'journal', source, input }) };
}

const versionOf = z.looseObject({ kind: z.literal('run-started'), formatVersion: z.number() });

const otherVersion = (value: number, source: string): Diagnostic => ({
  code: 'journal.version',
  severity: 'error',
  summary: `this planner reads format version ${formatVersion} of journals only`,
  source,
  path: '$.formatVersion',
  value,
  limit: formatVersion,
  hint: 'read it with the planner that wrote it',
});

function orderProblems(entries: readonly JournalEntry[], source: string): readonly Diagnostic[] {
  const first = entries[0];
  if (first !== undefined && first.kind !== 'run-started') {
    const summary = 'this is no journal: it does not begin with "run-started"';
    return [{ code: 'journal.not-a-journal', severity: 'error', summary, source }];
  }
  const gap = entries.findIndex(({ seq }, index) => seq !== index + 1);
  if (gap === -1) return [];
  const summary = `line ${gap + 1} has number ${entries[gap]?.seq ?? 0}: lines are missing, or two runs wrote at once`;
  return [{ code: 'journal.gap', severity: 'error', summary, source, limit: gap + 1 }];
}

/** The JSON Schema of a line of the journal, made from the schema that reads it. */
export function journalJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(entrySchema, {
    io: 'input',
    reused: 'ref',
    override({ zodSchema, jsonSchema }) {
      if (zodSchema._zod.def.type === 'object') jsonSchema.patternProperties = { '^x-': {} };
    },
  });
  return {
    title: 'planner journal',
    description: `One line of a journal, formatVersion ${formatVersion}; a journal is JSON lines`,
    ...schema,
  };
}
