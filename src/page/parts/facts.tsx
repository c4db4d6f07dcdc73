import { Literal } from './literal.tsx';
import type { ComponentChildren } from 'preact';

/** Labels and what they say. */
export function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [label: string, words: ComponentChildren])[];
}) {
  return (
    <dl class="facts">
      {facts.map(([label, words]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{typeof words === 'string' ? <Literal text={words} /> : words}</dd>
        </div>
      ))}
    </dl>
  );
}
