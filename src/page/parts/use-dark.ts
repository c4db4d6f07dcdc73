import { useEffect, useState } from 'preact/hooks';
import type { Page } from '../model/page.ts';
import { useStore } from '../model/store.ts';

/** Whether dark colours are shown now: chosen, or by the machine's setting; never on paper. */
export function useDark(page: Page): boolean {
  const theme = useStore(page.theme);
  const printing = useStore(page.printing);
  const [machine, setMachine] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const read = () => {
      setMachine(query.matches);
    };
    query.addEventListener('change', read);
    return () => {
      query.removeEventListener('change', read);
    };
  }, []);
  if (printing) return false;
  return theme === 'auto' ? machine : theme === 'dark';
}
