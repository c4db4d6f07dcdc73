import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Page } from '../model/page.ts';
import { useStore } from '../model/store.ts';
import { count } from '../model/words.ts';
import { Button } from './button.tsx';
import { StepLink } from './name.tsx';

const shown = 12;

/** Paper has no button for the rest. */
const mostPrinted = 200;

/** Links to steps in a line; of many the first, and the rest on demand. */
export function StepList({ page, steps }: { readonly page: Page; readonly steps: readonly number[] }) {
  const [all, setAll] = useState(false);
  const paper = useStore(page.printing);
  const list = useRef<HTMLSpanElement>(null);
  const listed = all ? steps : steps.slice(0, paper ? mostPrinted : shown);
  const rest = steps.length - listed.length;
  // The button that had the focus is gone.
  useLayoutEffect(() => {
    if (all) [...(list.current?.querySelectorAll('a') ?? [])].at(shown)?.focus();
  }, [all]);
  return (
    <span ref={list} class="step-list">
      <span class="note">{steps.length === 1 ? 'step' : 'steps'}</span>
      {listed.map((i) => (
        <StepLink key={i} page={page} index={i} />
      ))}
      {rest > 0 && paper && <span>{`and ${count(rest, 'other')}`}</span>}
      {rest > 0 && !paper && (
        <Button
          class="quiet"
          onPress={() => {
            setAll(true);
          }}
        >
          {`and ${count(rest, 'other')}`}
        </Button>
      )}
    </span>
  );
}
