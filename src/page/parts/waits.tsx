import { Literal } from './literal.tsx';
import type { Page } from '../model/page.ts';
import { StepWords } from './event-words.tsx';
import { StepLink } from './name.tsx';

const shown = 200;

/** What a step waits for, in words. */
export function Waits({ page, index }: { readonly page: Page; readonly index: number }) {
  const waits = page.data.steps[index]?.waitsFor ?? [];
  if (waits.length === 0) return <p>It waits for no other step.</p>;
  return (
    <ul class="plain">
      {waits.slice(0, shown).map((wait, i) => {
        const other = page.data.steps[wait.step];
        return (
          <li key={i}>
            <StepLink page={page} index={wait.step} />{' '}
            {wait.until === 'ended' ? 'has to have ended' : 'has to be requested'}
            {wait.why !== undefined && (
              <>
                : <Literal text={page.data.texts[wait.why]} />
              </>
            )}
            {other !== undefined && (
              <span class="note">
                {' ('}
                <StepWords page={page} step={other} />)
              </span>
            )}
          </li>
        );
      })}
      {waits.length > shown && <li>{`and ${waits.length - shown} others`}</li>}
    </ul>
  );
}
