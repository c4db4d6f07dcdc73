import { useMemo, useState } from 'preact/hooks';
import type { Page } from '../model/page.ts';
import { byWaves, mostDrawn, neighbourhood } from '../model/graph-layout.ts';
import { useStore } from '../model/store.ts';
import { count } from '../model/words.ts';
import { GraphDrawing } from './graph-drawing.tsx';
import { StepLink } from './name.tsx';
import { NoSteps, Section } from './section.tsx';
import { Waits } from './waits.tsx';

const rows = 14;

/** Which steps wait for which: around one step, or all of them by waves. */
export function DependencyGraph({ page }: { readonly page: Page }) {
  const { steps } = page.data;
  const centre = useStore(page.graphStep);
  const [depth, setDepth] = useState(2);
  const [whole, setWhole] = useState(false);
  const waves = useMemo(() => byWaves(steps), [steps]);
  const around = useMemo(
    () => neighbourhood(steps, page.index.waiting, centre, depth, rows),
    [page, steps, centre, depth],
  );
  if (steps.length === 0)
    return (
      <Section id="order" title="Dependencies">
        <NoSteps />
      </Section>
    );
  return (
    <Section id="order" title="Dependencies" note="which steps wait for which">
      <div class="controls control">
        <StepChoice
          page={page}
          onStep={(step) => {
            setWhole(false);
            page.graphStep.set(step);
          }}
        />
        <label>
          Depth
          <select
            value={depth}
            onChange={({ currentTarget }) => {
              setDepth(Number(currentTarget.value));
            }}
          >
            {[1, 2, 3, 4, 5].map((n) => (
              <option key={n} value={n}>
                {n}
              </option>
            ))}
          </select>
        </label>
        {waves !== undefined && (
          <label class="check">
            <input
              type="checkbox"
              checked={whole}
              onChange={({ currentTarget }) => {
                setWhole(currentTarget.checked);
              }}
            />
            the whole plan by waves
          </label>
        )}
      </div>
      {waves === undefined && (
        <p class="note">{`The whole graph of ${count(steps.length, 'step')} is too dense to be drawn (up to ${mostDrawn.steps} steps and ${mostDrawn.edges} dependencies are): it is shown around one step.`}</p>
      )}
      <p class="legend">
        <span class="key line-ended" /> waits until it has ended <span class="key line-requested" /> waits
        until it is requested
      </p>
      <GraphDrawing page={page} layout={whole && waves !== undefined ? waves : around} centre={centre} />
      <h3>
        What <StepLink page={page} index={centre} /> waits for
      </h3>
      <Waits page={page} index={centre} />
    </Section>
  );
}

interface ChoiceProps {
  readonly page: Page;
  readonly onStep: (step: number) => void;
}

/** A step by its id. */
function StepChoice({ page, onStep }: ChoiceProps) {
  const centre = useStore(page.graphStep);
  const [text, setText] = useState<string>();
  const unknown = text !== undefined && page.index.stepById.get(text.trim()) === undefined;
  return (
    <div>
      {' '}
      <label>
        Step
        <input
          class="short"
          type="text"
          autoComplete="off"
          value={text ?? page.data.steps[centre]?.id ?? ''}
          aria-invalid={unknown}
          aria-describedby="no-such-step"
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            const found = page.index.stepById.get(currentTarget.value.trim());
            if (found !== undefined) onStep(found);
          }}
          onBlur={() => {
            setText(undefined);
          }}
        />
      </label>
      <span id="no-such-step" class="note" role="status">
        {unknown ? 'No step has this id.' : ''}
      </span>
    </div>
  );
}
