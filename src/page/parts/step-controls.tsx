import { useMemo } from 'preact/hooks';
import type { PageStep } from '../../report/page/page-data.ts';
import type { Page } from '../model/page.ts';
import { noFilter, type StepFilter } from '../model/step-filter.ts';
import { kindWords } from '../model/words.ts';
import { isolated } from '../model/marks.ts';
import { Button } from './button.tsx';

interface ControlsProps {
  readonly page: Page;
  readonly filter: StepFilter;
  readonly onFilter: (filter: StepFilter) => void;
}

/** What the table of steps is narrowed by. */
export function StepControls({ page, filter, onFilter }: ControlsProps) {
  const { steps, hosts } = page.data;
  const kinds = useMemo(() => [...new Set(steps.map((step) => step.kind))], [steps]);
  const waves = useMemo(() => [...new Set(steps.map((step) => step.wave))].sort((a, b) => a - b), [steps]);
  const { kind, wave, freed, search, host } = filter;
  return (
    <div class="controls control" role="search" aria-label="Steps">
      <Search
        label="Search"
        value={search}
        onValue={(value) => {
          onFilter({ ...filter, search: value });
        }}
      />
      <Search
        label="Host"
        value={host}
        onValue={(value) => {
          onFilter({ ...filter, host: value });
        }}
      />
      <Choice
        label="Kind"
        value={kind}
        options={kinds.map((value) => [value, kindWords[value]])}
        onValue={(value) => {
          onFilter({ ...filter, kind: value });
        }}
      />
      <Choice
        label="Wave"
        value={wave}
        options={waves.map((value) => [value, String(value)])}
        onValue={(value) => {
          onFilter({ ...filter, wave: value });
        }}
      />
      {page.index.freed.length > 0 && (
        <Choice
          label="Freed host"
          value={freed}
          options={page.index.freed.map((value) => [value, isolated(hosts[value]?.name ?? '')])}
          onValue={(value) => {
            onFilter({ ...filter, freed: value });
          }}
        />
      )}
      <Button
        inactive={isEmpty(filter)}
        onPress={() => {
          onFilter(noFilter);
        }}
      >
        Show all
      </Button>
    </div>
  );
}

function isEmpty({ search, host, kind, wave, freed }: StepFilter): boolean {
  return search === '' && host === '' && kind === undefined && wave === undefined && freed === undefined;
}

interface SearchProps {
  readonly label: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
}

function Search({ label, value, onValue }: SearchProps) {
  return (
    <label>
      {label}
      <input
        type="search"
        value={value}
        onInput={({ currentTarget }) => {
          onValue(currentTarget.value);
        }}
      />
    </label>
  );
}

interface ChoiceProps<T> {
  readonly label: string;
  readonly value: T | undefined;
  readonly options: readonly (readonly [value: T, words: string])[];
  readonly onValue: (value: T | undefined) => void;
}

function Choice<T extends PageStep['kind'] | number>({ label, value, options, onValue }: ChoiceProps<T>) {
  const chosen = options.findIndex(([option]) => option === value);
  return (
    <label>
      {label}
      <select
        value={chosen}
        onChange={({ currentTarget }) => {
          onValue(options[Number(currentTarget.value)]?.[0]);
        }}
      >
        <option value={-1}>all</option>
        {options.map(([option, words], i) => (
          <option key={option} value={i}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
