import type { RuleContext } from '../context.ts';
import type { Notice } from '../warning-rule.ts';
import { evacueesOf } from './evacuees.ts';

/** Who is lost with their host whatever room there is. */
export function leftOutNotices(context: RuleContext): readonly Notice[] {
  const { leftOut } = evacueesOf(context);
  if (leftOut.length === 0) return [];
  const count = leftOut.length === 1 ? '1 server' : `${leftOut.length} servers`;
  const text = `${count} could not be evacuated from a lost host even if nobody else were in the cloud, and --survive-host-loss leaves them out`;
  return [{ text, servers: leftOut }];
}
