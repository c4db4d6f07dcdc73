import type { WarningRule } from '../constraints/warning-rule.ts';
import { groupBy } from '../shared/collections.ts';

/** Texts of one warning rule that are told one by one; beyond, its summary stands for all of them. */
const mostTexts = 3;

/** A text of a warning rule, and what it is about: a step, a host. */
export interface KeyedNotice<Key> {
  readonly text: string;
  readonly key: Key;
}

/** What a warning rule found, in few lines: equal texts are one, and many different ones are counted. */
export function foldNotices<Key>(
  { summary }: Pick<WarningRule, 'summary'>,
  notices: readonly KeyedNotice<Key>[],
): readonly { readonly text: string; readonly keys: readonly Key[] }[] {
  const keysOf = (same: readonly KeyedNotice<Key>[]): readonly Key[] => [
    ...new Set(same.map(({ key }) => key)),
  ];
  const byText = groupBy(notices, ({ text }) => text);
  if (byText.size <= mostTexts) return [...byText].map(([text, same]) => ({ text, keys: keysOf(same) }));
  const example = notices[0]?.text ?? '';
  return [{ text: `${summary}: ${byText.size} times, such as: ${example}`, keys: keysOf(notices) }];
}
