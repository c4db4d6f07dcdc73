import type { Store } from './store.ts';

/**
 * Says when the page is drawn for paper. What changes then has to stand before the browser lays the paper out, so the
 * page is drawn at once and not in the next task.
 */
export function followPrinting(
  printing: Store<boolean>,
  drawing: { debounceRendering?: (run: () => void) => void },
): void {
  const set = (value: boolean) => {
    const usual = drawing.debounceRendering;
    drawing.debounceRendering = (run) => {
      run();
    };
    printing.set(value);
    if (usual === undefined) delete drawing.debounceRendering;
    else drawing.debounceRendering = usual;
  };
  addEventListener('beforeprint', () => {
    set(true);
  });
  const paper = matchMedia('print');
  addEventListener('afterprint', () => {
    set(paper.matches);
  });
  paper.addEventListener('change', () => {
    set(paper.matches);
  });
}
