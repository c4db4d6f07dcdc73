import type { CustomSeriesRenderItem, CustomSeriesRenderItemAPI } from 'echarts';
import type { PageData, PageStep } from '../../report/page/page-data.ts';
import type { ChartColours } from './chart-colours.ts';
import type { Rows } from './chart-rows.ts';

/** Letters on bars that are no live migration, so that colour does not say it alone. */
const letters: Partial<Readonly<Record<PageStep['kind'], string>>> = { cold: 'C', evacuate: 'E' };

interface BandStyle {
  readonly fill: string;
  readonly stroke?: string;
  readonly lineDash?: number[];
}

/** One step as a bar on its line; the shortest is still wide enough to be hit. */
export function drawStep(data: PageData, rows: Rows, colours: ChartColours): CustomSeriesRenderItem {
  const between = rows.rowHeight > 7 ? 3 : rows.rowHeight > 3 ? 1 : 0;
  const height = rows.rowHeight - between;
  return (params, api) => {
    const step = data.steps[params.dataIndex];
    if (step === undefined) return null;
    const [x, y] = point(api, step.startSeconds, rows.lanes[params.dataIndex] ?? 0);
    const [end] = point(api, step.endSeconds, 0);
    const width = Math.max(3, end - x - 0.5);
    const letter = letters[step.kind];
    return {
      type: 'rect',
      shape: { x, y: y - height / 2, width, height },
      style: { fill: colourOf(step.kind, colours) },
      ...(letter === undefined || height < 9 || width < 10
        ? {}
        : {
            textContent: {
              type: 'text',
              style: { text: letter, fill: colours.onBar, fontSize: 10, fontWeight: 'bold' },
            },
            textConfig: { position: 'insideLeft', distance: 3 },
          }),
    };
  };
}

/** A stretch of time over the full height of the lines. */
export function drawBand(rows: Rows, style: BandStyle): CustomSeriesRenderItem {
  return (_, api) => {
    const [x, middle] = point(api, Number(api.value(0)), 0);
    const [end] = point(api, Number(api.value(1)), 0);
    const shape = { x, y: middle - rows.rowHeight / 2, width: end - x, height: rows.count * rows.rowHeight };
    return { type: 'rect', shape, style };
  };
}

function colourOf(kind: PageStep['kind'], colours: ChartColours): string {
  if (kind === 'live') return colours.live;
  return kind === 'cold' || kind === 'evacuate' ? colours.cold : colours.other;
}

function point(api: CustomSeriesRenderItemAPI, seconds: number, line: number): readonly [number, number] {
  const [x, y] = api.coord([seconds, line]);
  return [x ?? 0, y ?? 0];
}
