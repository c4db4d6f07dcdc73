import { escapeControls } from '../../shared/text.ts';

/** A task of Ansible: its members by name, each written as YAML already; those of a block are tasks again. */
export interface Task {
  readonly name: string;
  readonly block?: readonly Task[];
  readonly [member: string]: string | readonly Task[] | undefined;
}

/** A task; what a title holds is never taken for a template. */
export const task = (title: string, members: Readonly<Record<string, string>>): Task => ({
  name: yaml(escapeControls(title).replaceAll('{', '(').replaceAll('}', ')')),
  ...members,
});

/** A value as YAML that fits on one line: JSON is YAML, but for some characters that would end a line. */
export const yaml = (value: string | number | boolean | Readonly<Record<string, number>>): string =>
  JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** Text that Ansible takes as it is, whatever braces it holds. */
export const unsafe = (text: string): string => `!unsafe ${yaml(text)}`;

/** A mapping on one line, of values that are YAML already; lists stand in brackets. */
export const list = (members: Readonly<Record<string, string | readonly string[]>>): string =>
  `{${Object.entries(members)
    .map(([name, value]) => `${yaml(name)}: ${typeof value === 'string' ? value : `[${value.join(', ')}]`}`)
    .join(', ')}}`;

/** A task as lines of a list, so many columns in. */
export function block({ block: tasks, name, ...members }: Task, indent: number): string[] {
  const at = ' '.repeat(indent);
  const own = Object.entries(members).flatMap(([member, value]) =>
    typeof value === 'string' ? [`${at}  ${member}: ${value}`] : [],
  );
  return [
    `${at}- name: ${name}`,
    ...own,
    ...(tasks === undefined ? [] : [`${at}  block:`, ...tasks.flatMap((each) => block(each, indent + 4))]),
  ];
}
