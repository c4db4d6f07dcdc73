import type { Sort, SortKey } from '../model/step-filter.ts';

const columns: readonly (readonly [key: SortKey, words: string, numeric: boolean])[] = [
  ['order', 'Step', false],
  ['kind', 'Kind', false],
  ['server', 'Server', false],
  ['from', 'From', false],
  ['to', 'To', false],
  ['wave', 'Wave', true],
  ['starts', 'Starts', true],
  ['takes', 'Takes', true],
  ['bytes', 'Data', true],
  ['downtime', 'Downtime', true],
];

interface HeadProps {
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  /** Browsers do not repeat buttons on further sheets of paper. */
  readonly paper: boolean;
}

/** Headings that sort: once up, again down. */
export function StepHead({ sort, onSort, paper }: HeadProps) {
  return (
    <thead>
      <tr>
        {columns.map(([key, words, numeric]) => (
          <th
            key={key}
            scope="col"
            aria-sort={sortWord(sort, key)}
            class={`col-${key}${numeric ? ' number' : ''}`}
          >
            {paper ? (
              words
            ) : (
              <button
                type="button"
                class="sort"
                onClick={() => {
                  onSort({ key, descending: sort.key === key && !sort.descending });
                }}
              >
                {words}
                <span class="arrow" aria-hidden="true">
                  {sort.key === key ? (sort.descending ? '▾' : '▴') : ''}
                </span>
              </button>
            )}
          </th>
        ))}
        <th scope="col" class="col-reason">
          Reason
        </th>
      </tr>
    </thead>
  );
}

function sortWord(sort: Sort, key: SortKey): 'ascending' | 'descending' | 'none' {
  if (sort.key !== key) return 'none';
  return sort.descending ? 'descending' : 'ascending';
}
