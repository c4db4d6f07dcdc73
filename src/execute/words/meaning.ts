import { answers } from './answers.ts';
import { type End, ends } from './ends.ts';
import { later } from './later.ts';
import type { Log, Passing, Row } from './row.ts';

/** What a refusal or a failure is, in plain words. */
export interface Meaning {
  /** For programs: `no-room`, `busy`, `live-error-at-destination`, … */
  readonly code: string;
  readonly means: string;
  readonly next: string;
  /** The log to read, and of which host. */
  readonly read: string;
  readonly passes?: Passing;
}

/** Whom it is about. */
export interface Names {
  readonly server: string;
  readonly from?: string;
  readonly to?: string;
  /** Of the request, to be looked for in the logs. */
  readonly requestId?: string;
}

/** What the API's refusal means; undefined where its words are not known. */
export function meaningOfAnswer(text: string, status: number | undefined, names: Names): Meaning | undefined {
  const row =
    answers.find(
      (one) => status !== undefined && one.status?.includes(status) === true && one.said.test(text),
    ) ?? later.find(({ said }) => said.test(text));
  return row === undefined ? undefined : meaningOf(row, [text], names);
}

/** What is told after a request was accepted; undefined where none of the texts is known. */
export function meaningOfTexts(texts: readonly string[], names: Names): Meaning | undefined {
  const row = later.find(({ said }) => texts.some((text) => said.test(text)));
  return row === undefined ? undefined : meaningOf(row, texts, names);
}

/** As `meaningOfTexts`, of words that say more than that something failed. */
export function causeOf(texts: readonly string[], names: Names): Meaning | undefined {
  const row = later.find(({ said, vague }) => vague !== true && texts.some((text) => said.test(text)));
  return row === undefined ? undefined : meaningOf(row, texts, names);
}

/** How a step that failed has left its server, and why where Nova tells a reason that is known. */
export function meaningOfEnd(end: End, texts: readonly string[], names: Names): Meaning {
  const { means, next, read } = ends[end];
  const cause = causeOf(texts, names);
  const own = { code: end, means: filled(means, { ...names }), next: filled(next, { ...names }) };
  return cause === undefined
    ? { ...own, read: logWords(read, names) }
    : { ...cause, ...own, means: `${own.means}; ${cause.means}` };
}

function meaningOf(row: Row, texts: readonly string[], names: Names): Meaning {
  const match = texts.map((text) => row.said.exec(text)).find((found) => found !== null);
  const values = { ...names, ...match?.groups };
  return {
    code: row.code,
    means: filled(row.means, values),
    next: filled(row.next, values),
    read: logWords(row.read, names),
    ...(row.passes !== undefined && { passes: row.passes }),
  };
}

const unknown: Readonly<Record<string, string>> = {
  from: 'its source',
  to: 'the destination',
  host: 'the host',
};

const filled = (text: string, values: Readonly<Partial<Record<string, string>>>): string =>
  text.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? unknown[name] ?? name);

/** Where to read more. */
export function logWords(
  log: Log,
  { from = 'its source', to = 'the destination', requestId }: Names,
): string {
  const request = requestId === undefined ? '' : `, request ${requestId}`;
  switch (log) {
    case 'api':
      return `nova-api log${request}`;
    case 'scheduler':
      return `nova-scheduler and nova-conductor logs${request}`;
    case 'source':
      return `nova-compute log on ${from}${request}`;
    case 'destination':
      return `nova-compute log on ${to}${request}`;
    case 'hypervisor':
      return `nova-compute log on ${from}${request} and the libvirt log there; then those of ${to}`;
  }
}
