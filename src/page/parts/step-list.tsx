import { useState } from 'preact/hooks';
import type { Page } from '../model/page.ts';
import { count } from '../model/words.ts';
import { StepLink } from './name.tsx';

const shown = 12;

/** Links to steps in a line; of many the first, and the rest on demand. */
export function StepList({ page, steps }: { readonly page: Page; readonly steps: readonly number[] }) {
  const [all, setAll] = useState(false);
  const listed = all ? steps : steps.slice(0, shown);
  return (
    <span class="step-list">
      <span class="note">{steps.length === 1 ? 'step' : 'steps'}</span>
      {listed.map((i) => (
        <StepLink key={i} page={page} index={i} />
      ))}
      {steps.length > listed.length && (
        <button
          type="button"
          class="quiet"
          onClick={() => {
            setAll(true);
          }}
        >
          {`and ${count(steps.length - listed.length, 'other')}`}
        </button>
      )}
    </span>
  );
}
