import { useMemo, useState } from 'preact/hooks';
import type { Page } from '../model/page.ts';
import { chooseSteps, noFilter, type Sort, type StepFilter } from '../model/step-filter.ts';
import { useStore } from '../model/store.ts';
import { count, grouped } from '../model/words.ts';
import { Button } from './button.tsx';
import { Section } from './section.tsx';
import { StepControls } from './step-controls.tsx';
import { StepHead } from './step-head.tsx';
import { StepRow } from './step-row.tsx';

const perPage = 100;

/** More rows than these do not go on paper: it says so. */
const mostPrinted = 2000;

/** Every step with its reason: filtered, sorted, a hundred rows at a time; on paper all of them. */
export function StepTable({ page }: { readonly page: Page }) {
  const [filter, setFilter] = useState<StepFilter>(noFilter);
  const [sort, setSort] = useState<Sort>({ key: 'order', descending: false });
  const [first, setFirst] = useState(0);
  const paper = useStore(page.printing);
  const chosen = useMemo(() => chooseSteps(page.data, filter, sort), [page, filter, sort]);
  const rows = paper ? chosen.slice(0, mostPrinted) : chosen.slice(first, first + perPage);
  const all = page.data.steps.length;

  return (
    <Section id="steps" title="Steps" note={`${grouped(chosen.length)} of ${count(all, 'step')}`}>
      <StepControls
        page={page}
        filter={filter}
        onFilter={(next) => {
          setFilter(next);
          setFirst(0);
        }}
      />
      {chosen.length > mostPrinted && (
        <p class="paper-only">{`The first ${grouped(mostPrinted)} of ${grouped(chosen.length)} rows are printed; narrow the table in the page to print others.`}</p>
      )}
      <div class="scroll" role="region" aria-label="Table of steps" tabIndex={0}>
        <table class="steps">
          <StepHead
            paper={paper}
            sort={sort}
            onSort={(next) => {
              setSort(next);
              setFirst(0);
            }}
          />
          <tbody>
            {rows.map((i) => (
              <StepRow key={i} page={page} index={i} />
            ))}
          </tbody>
        </table>
      </div>
      <Pager first={first} rows={chosen.length} onFirst={setFirst} />
    </Section>
  );
}

interface PagerProps {
  readonly first: number;
  readonly rows: number;
  readonly onFirst: (first: number) => void;
}

function Pager({ first, rows, onFirst }: PagerProps) {
  const words =
    rows === 0
      ? 'No step is like that.'
      : `Rows ${grouped(first + 1)} to ${grouped(Math.min(rows, first + perPage))} of ${grouped(rows)}`;
  return (
    <div class="pager control">
      <p role="status">{words}</p>
      {rows > perPage && (
        <>
          <Button
            inactive={first === 0}
            onPress={() => {
              onFirst(first - perPage);
            }}
          >
            Previous rows
          </Button>
          <Button
            inactive={first + perPage >= rows}
            onPress={() => {
              onFirst(first + perPage);
            }}
          >
            Next rows
          </Button>
        </>
      )}
    </div>
  );
}
