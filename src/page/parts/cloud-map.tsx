import { Literal } from './literal.tsx';
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Board } from '../model/board.ts';
import type { Page } from '../model/page.ts';
import { createMapView, type MapChoice } from '../model/map-view.ts';
import { useStore } from '../model/store.ts';
import { count, grouped, shownUnit } from '../model/words.ts';
import { EventSlider } from './event-slider.tsx';
import { HostTile } from './host-tile.tsx';
import { Section } from './section.tsx';
import { WithCommands } from './with-commands.tsx';

/** Hosts and their NUMA cells with what each has and uses, at any event of the plan. */
export function CloudMap({ page }: { readonly page: Page }) {
  if (page.board !== undefined) return <MapOf page={page} board={page.board} />;
  return (
    <Section id="map" title="Cloud">
      <p class="words">
        <WithCommands text={page.data.noCloud ?? ''} />
      </p>
    </Section>
  );
}

function MapOf({ page, board }: { readonly page: Page; readonly board: Board }) {
  const [choice, setChoice] = useState<MapChoice>({ resource: 0, name: '', onlyChanging: false });
  const paper = useStore(page.printing);
  const view = createMapView(page.data, choice);
  usePaperAtEnd(page, board);
  return (
    <Section
      id="map"
      title="Cloud"
      note={`${grouped(view.shown)} of ${count(page.data.hosts.length, 'host')}`}
      noteChanges
    >
      <EventSlider page={page} board={board} />
      <MapControls page={page} choice={choice} onChoice={setChoice} />
      <p class="legend">
        <span class="key used" /> used <span class="key more" /> more than before the plan{' '}
        <span class="key less" /> freed since <span class="key free" /> free. Numbers: used / all, then the
        difference to before.
        {paper && ' Shown is the cloud after the plan.'}
      </p>
      <div class={choice.resource === -1 ? 'map all' : 'map'} role="region" aria-label="Hosts" tabIndex={0}>
        {view.zones.map(({ zone, hosts }) => (
          <div key={zone} class="zone">
            <h3>
              {zone === '' ? 'No zone' : <Literal text={zone} />}{' '}
              <span class="note">{count(hosts.length, 'host')}</span>
            </h3>
            <ul class="tiles">
              {hosts.map((host) => (
                <HostTile key={host} page={page} board={board} host={host} resource={choice.resource} />
              ))}
            </ul>
          </div>
        ))}
        {view.shown === 0 && <p>No host is like that.</p>}
      </div>
    </Section>
  );
}

/** Paper has no slider: it shows the cloud after the plan, with the differences to before. */
function usePaperAtEnd(page: Page, board: Board): void {
  useLayoutEffect(() => {
    let before = board.walk.position();
    return page.printing.listen(() => {
      if (page.printing.get()) before = board.walk.position();
      board.goTo(page.printing.get() ? board.walk.length : before);
    });
  }, [page, board]);
}

interface ControlsProps {
  readonly page: Page;
  readonly choice: MapChoice;
  readonly onChoice: (choice: MapChoice) => void;
}

function MapControls({ page, choice, onChoice }: ControlsProps) {
  return (
    <div class="controls control">
      <label>
        Resource
        <select
          value={choice.resource}
          onChange={({ currentTarget }) => {
            onChoice({ ...choice, resource: Number(currentTarget.value) });
          }}
        >
          {(page.data.cloud?.resources ?? []).map(({ name, unit }, i) => (
            <option key={i} value={i}>
              {unit === '' ? name : `${name} (${shownUnit(unit)})`}
            </option>
          ))}
          <option value={-1}>all resources</option>
        </select>
      </label>
      <label>
        Host name
        <input
          type="search"
          value={choice.name}
          onInput={({ currentTarget }) => {
            onChoice({ ...choice, name: currentTarget.value });
          }}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={choice.onlyChanging}
          onChange={({ currentTarget }) => {
            onChoice({ ...choice, onlyChanging: currentTarget.checked });
          }}
        />
        only hosts that change
      </label>
    </div>
  );
}
