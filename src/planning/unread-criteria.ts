import { suppliesOf } from '../model/fact-sources.ts';
import type { Server } from '../model/server.ts';
import type { Assumption } from '../plan/plan.ts';
import type { PlanningRequest } from './planning-request.ts';

/** What rules, goals and options may choose servers by, where no source need have told it. */
const criteria: readonly {
  readonly fact: 'tags' | 'metadata' | 'projectId';
  readonly words: readonly string[];
}[] = [
  { fact: 'tags', words: ['tag'] },
  { fact: 'metadata', words: ['metadata', 'eachMetadata'] },
  { fact: 'projectId', words: ['project'] },
];

/** Servers that something in the request would choose by a fact that nobody tells of them: it does not mean them. */
export function unreadCriteria({
  cloud,
  goal,
  operatorRules,
  options: { exclude, only },
}: Pick<PlanningRequest, 'cloud' | 'goal' | 'operatorRules' | 'options'>): readonly Assumption[] {
  const words = new Set([
    ...wordsIn(goal.terms),
    ...wordsIn(operatorRules),
    ...[...exclude, ...only].map(({ kind }) => kind),
  ]);
  return criteria.flatMap(({ fact, words: own }): Assumption[] => {
    if (!own.some((word) => words.has(word))) return [];
    const missing = [`servers[].${fact}`];
    const servers = [...cloud.servers.values()].filter((server: Server) => server[fact] === undefined);
    if (servers.length === 0) return [];
    const text = `the ${fact === 'projectId' ? 'project' : fact} of ${servers.length} of ${cloud.servers.size} servers is not known: what is asked for by it does not mean them`;
    const ids = servers.map(({ id }) => id).toSorted();
    return [{ rule: 'selection', text, missing, supply: suppliesOf(missing), servers: ids }];
  });
}

/** Names of members, and words such as `project` that stand as values, anywhere in plain data. */
function wordsIn(data: unknown): readonly string[] {
  if (typeof data === 'string') return data === 'project' ? [data] : [];
  if (typeof data !== 'object' || data === null) return [];
  if (Array.isArray(data)) return data.flatMap(wordsIn);
  return Object.entries(data).flatMap(([name, value]) => [name, ...wordsIn(value)]);
}
