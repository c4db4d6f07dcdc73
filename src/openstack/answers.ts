import { z } from 'zod';
import { escapeControls } from '../shared/text.ts';
import type { HttpReply } from './http/transport.ts';

const longest = 500;

const Fault = z.object({ message: z.string() });
const Faults = z.union([
  z.object({ error: Fault }).transform(({ error }) => error.message),
  z.object({ NeutronError: Fault }).transform(({ NeutronError: fault }) => fault.message),
  z
    .object({ errors: z.array(z.object({ detail: z.string() })).min(1) })
    .transform(({ errors }) => errors.map(({ detail }) => detail).join('; ')),
  z.object({ message: z.string() }).transform(({ message }) => message),
  // Nova and Cinder: one member, named after the kind of fault
  z.record(z.string(), z.object({ message: z.string() })).transform((faults) =>
    Object.values(faults)
      .map(({ message }) => message)
      .join('; '),
  ),
]);

/** What a service says of a request that it refuses, on one line and not too long; `undefined` where it says nothing. */
export function saidIn({ headers, text }: HttpReply): string | undefined {
  if (headers['content-type']?.includes('html') === true) return undefined; // the page of a proxy
  const said = Faults.safeParse(parsed(text)).data ?? text;
  const line = escapeControls(said.replace(/\s+/g, ' ').trim());
  if (line === '') return undefined;
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** `Policy doesn't allow os_compute_api:os-services:list to be performed.`, and how Keystone and Neutron put it. */
const policyPatterns = [
  /Policy doesn't allow ([\w:.-]+) to be performed/,
  /not authorized to perform the requested action:? ([\w:.-]+)/i,
  /\(rule:([\w:.-]+)\)|rule:([\w:.-]+) is disallowed/,
  /([\w-]+:[\w:.-]+) is disallowed by policy/,
];

/** The policy that a refusal names. */
export function policyIn(said: string | undefined): string | undefined {
  for (const pattern of policyPatterns) {
    const match = pattern.exec(said ?? '');
    if (match !== null) return (match[1] ?? match[2])?.replace(/\.$/, '');
  }
  return undefined;
}
