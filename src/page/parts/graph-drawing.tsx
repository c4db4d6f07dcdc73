import { useLayoutEffect, useRef } from 'preact/hooks';
import type { GraphLayout } from '../model/graph-layout.ts';
import type { Page } from '../model/page.ts';
import { kindWords } from '../model/words.ts';
import { Name } from './name.tsx';

const box = { width: 148, height: 36, across: 204, down: 44, top: 26 };

interface DrawingProps {
  readonly page: Page;
  readonly layout: GraphLayout;
  readonly centre: number;
}

/** Boxes in columns, left to right in the order of time, and lines between them. A box is chosen by a press. */
export function GraphDrawing({ page, layout, centre }: DrawingProps) {
  const places = new Map<number, readonly [x: number, y: number]>();
  for (const [c, column] of layout.columns.entries())
    for (const [r, step] of column.steps.entries())
      places.set(step, [c * box.across, box.top + r * box.down]);
  const tallest = Math.max(
    ...layout.columns.map((column) => column.steps.length + (column.more > 0 ? 1 : 0)),
  );
  const [width, height] = [
    (layout.columns.length - 1) * box.across + box.width + 2,
    box.top + tallest * box.down,
  ];
  const region = useRef<HTMLDivElement>(null);
  const pressed = useRef(false);
  // The box that was pressed stands in another column now, as another element.
  useLayoutEffect(() => {
    if (pressed.current) region.current?.querySelector<HTMLElement>('[aria-pressed=true]')?.focus();
    pressed.current = false;
  }, [centre]);
  return (
    <div ref={region} class="graph-scroll" role="region" aria-label="Dependency graph" tabIndex={0}>
      <div class="graph" style={{ width: `${width}px`, height: `${height}px` }}>
        <svg width={width} height={height} aria-hidden="true" focusable="false">
          {layout.edges.map(({ from, to, until }, i) => (
            <path
              key={i}
              class={edgeClass(until, from === centre || to === centre)}
              d={line(places.get(from), places.get(to))}
            />
          ))}
        </svg>
        {layout.columns.map((column, c) => (
          <div key={column.title} role="group" aria-label={column.title}>
            <p class="graph-title" style={{ left: `${c * box.across}px` }}>
              {column.title}
            </p>
            {column.steps.map((step) => (
              <StepBox
                key={step}
                page={page}
                step={step}
                at={places.get(step) ?? [0, 0]}
                chosen={step === centre}
                onPress={() => {
                  pressed.current = step !== centre;
                  page.graphStep.set(step);
                }}
              />
            ))}
            {column.more > 0 && (
              <p
                class="graph-title"
                style={{
                  left: `${c * box.across}px`,
                  top: `${box.top + column.steps.length * box.down + 6}px`,
                }}
              >
                {`and ${column.more} others`}
              </p>
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

interface BoxProps {
  readonly page: Page;
  readonly step: number;
  readonly at: readonly [x: number, y: number];
  readonly chosen: boolean;
  readonly onPress: () => void;
}

function StepBox({ page, step, at: [x, y], chosen, onPress }: BoxProps) {
  const found = page.data.steps[step];
  if (found === undefined) return null;
  const about =
    found.server === undefined ? page.data.hosts[found.from ?? -1] : page.data.servers[found.server];
  return (
    <button
      type="button"
      class="graph-step"
      aria-pressed={chosen}
      style={{ left: `${x}px`, top: `${y}px`, width: `${box.width}px`, height: `${box.height}px` }}
      onClick={onPress}
    >
      <span class="graph-id">
        <Name name={found.id} /> <span class="note">{kindWords[found.kind]}</span>
      </span>
      {about !== undefined && <Name name={about.name} />}
    </button>
  );
}

function edgeClass(until: 'ended' | 'requested', near: boolean): string {
  return `edge ${until}${near ? ' near' : ''}`;
}

/** From the right side of one box to the left side of the other; within one column around the right side. */
function line(
  from: readonly [number, number] | undefined,
  to: readonly [number, number] | undefined,
): string {
  if (from === undefined || to === undefined) return '';
  const [x, y] = [from[0] + box.width, from[1] + box.height / 2];
  const end = to[1] + box.height / 2;
  if (from[0] === to[0]) return `M${x} ${y} C${x + 30} ${y} ${x + 30} ${end} ${x} ${end}`;
  const middle = (x + to[0]) / 2;
  return `M${x} ${y} C${middle} ${y} ${middle} ${end} ${to[0]} ${end}`;
}
