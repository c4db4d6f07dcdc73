import { useLayoutEffect } from 'preact/hooks';
import { useStore, type Store } from '../model/store.ts';
import type { Page } from '../model/page.ts';

const themes = [
  ['auto', 'Auto'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** Light, dark, or as the machine is set. Paper is always light. */
export function ThemeSwitch({
  theme,
  printing,
}: {
  readonly theme: Page['theme'];
  readonly printing: Store<boolean>;
}) {
  const chosen = useStore(theme);
  const paper = useStore(printing);
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = paper ? 'light' : chosen;
  }, [chosen, paper]);
  return (
    <fieldset class="themes control">
      <legend class="unseen">Colours</legend>
      {themes.map(([value, words]) => (
        <label key={value}>
          <input
            type="radio"
            name="theme"
            value={value}
            checked={chosen === value}
            onChange={() => {
              theme.set(value);
            }}
          />
          <span>{words}</span>
        </label>
      ))}
    </fieldset>
  );
}
