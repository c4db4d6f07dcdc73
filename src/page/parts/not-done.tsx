import { Literal } from './literal.tsx';
import type { Page } from '../model/page.ts';
import { count } from '../model/words.ts';
import { Section } from './section.tsx';

const shown = 500;

/** What was asked for and is not in the plan, with the reasons. */
export function NotDone({ page }: { readonly page: Page }) {
  const { notDone } = page.data;
  return (
    <Section
      id="not-done"
      title="Not done, and why"
      note={notDone.length === 0 ? '' : count(notDone.length, 'entry', 'entries')}
    >
      {notDone.length === 0 ? (
        <p>Nothing that was asked for is left out.</p>
      ) : (
        <div class="scroll" role="region" aria-label="Table of what is not done" tabIndex={0}>
          <table>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">Why</th>
                <th scope="col">Rule</th>
              </tr>
            </thead>
            <tbody>
              {notDone.slice(0, shown).map((entry, i) => (
                <tr key={i}>
                  <td>
                    <Literal text={entry.subject} />
                  </td>
                  <td class="words">
                    <Literal text={entry.reason} />
                  </td>
                  <td>
                    <code>{entry.rule}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {notDone.length > shown && <p class="note">{`The first ${shown} are shown; the plan has all.`}</p>}
        </div>
      )}
    </Section>
  );
}
