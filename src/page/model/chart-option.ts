import type { CustomSeriesRenderItem } from 'echarts';
import type { EChartsCoreOption } from 'echarts/core';
import type { PageData, PageStep } from '../../report/page/page-data.ts';
import { drawBand, drawStep } from './chart-shapes.ts';
import type { ChartColours } from './chart-colours.ts';
import { place, type Rows } from './chart-rows.ts';
import { bytesWords, clock, duration, grouped, kindWords } from './words.ts';
import { isolated } from './marks.ts';

/** What ECharts draws: steps as bars, frozen and shut stretches behind them, and one link's staircase on the same axis of time. */
export function chartOption(
  data: PageData,
  rows: Rows,
  link: number,
  colours: ChartColours,
  still: boolean,
): EChartsCoreOption {
  const axes = rows.withLinks ? [0, 1] : [0];
  const chosen = rows.withLinks ? data.timetable.links[link] : undefined;
  return {
    animation: false,
    backgroundColor: colours.ground,
    textStyle: { color: colours.text, fontFamily: 'system-ui, sans-serif', fontSize: 11 },
    grid: grids(rows),
    xAxis: axes.map((i) => timeAxis(data, i, colours)),
    yAxis: [
      stepAxis(data, rows, colours),
      ...(rows.withLinks ? [linkAxis(chosen?.capacityMbps ?? 0, colours)] : []),
    ],
    dataZoom: zooms(axes, colours, still),
    tooltip: {
      renderMode: 'richText',
      confine: true,
      backgroundColor: colours.ground,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontSize: 12 },
      formatter: (params: unknown) => tooltip(data, params),
    },
    series: [
      bands(
        'frozen',
        data.timetable.frozen.map(({ fromSeconds, toSeconds }) => [fromSeconds, toSeconds]),
        drawBand(rows, { fill: colours.frozen, stroke: colours.other, lineDash: [3, 3] }),
      ),
      bands('shut', data.timetable.shut, drawBand(rows, { fill: colours.shut })),
      {
        id: 'steps',
        type: 'custom',
        clip: true,
        progressive: 0,
        data: data.steps.map((step, i) => [step.startSeconds, step.endSeconds, rows.lanes[i] ?? 0]),
        encode: { x: [0, 1], y: 2 },
        renderItem: drawStep(data, rows, colours),
      },
      ...(chosen === undefined
        ? []
        : [carriedSeries(data, chosen.carried, colours), limitSeries(data, chosen.capacityMbps, colours)]),
    ],
  };
}

/** Stretches of time over the full height of the lines. */
function bands(
  id: string,
  stretches: readonly (readonly [from: number, to: number])[],
  renderItem: CustomSeriesRenderItem,
) {
  return {
    id,
    type: 'custom',
    clip: true,
    silent: true,
    tooltip: { show: false },
    data: stretches.map(([from, to]) => [from, to]),
    encode: { x: [0, 1] },
    renderItem,
  };
}

function grids(rows: Rows) {
  const { left, right, top, gap, linkHeight } = place;
  const height = rows.count * rows.rowHeight;
  const steps = { left, right, top, height };
  return rows.withLinks ? [steps, { left, right, top: top + height + gap, height: linkHeight }] : [steps];
}

function timeAxis({ timetable }: PageData, gridIndex: number, colours: ChartColours) {
  return {
    type: 'value',
    gridIndex,
    min: 0,
    max: Math.max(1, timetable.makespanSeconds),
    axisLabel: { color: colours.text, formatter: clock, hideOverlap: true },
    axisLine: { show: true, lineStyle: { color: colours.line } },
    splitLine: { lineStyle: { color: colours.line } },
  };
}

function stepAxis(data: PageData, rows: Rows, colours: ChartColours) {
  const named = rows.count === data.steps.length;
  return {
    type: 'category',
    gridIndex: 0,
    inverse: true,
    data: Array.from({ length: rows.count }, (_, i) => (named ? shortId(data.steps[i]) : '')),
    axisLabel: { show: named, color: colours.text, interval: 0 },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colours.line } },
    splitLine: { show: false },
  };
}

function shortId(step: PageStep | undefined): string {
  if (step === undefined) return '';
  return isolated(step.id.length > 8 ? `${step.id.slice(0, 7)}…` : step.id);
}

function linkAxis(capacityMbps: number, colours: ChartColours) {
  return {
    type: 'value',
    gridIndex: 1,
    name: 'Mbit/s',
    nameGap: 10,
    nameTextStyle: { color: colours.text },
    min: 0,
    max: Math.max(1, Math.ceil(capacityMbps * 1.05)),
    axisLabel: { color: colours.text, showMaxLabel: false, formatter: (v: number) => grouped(Math.round(v)) },
    splitNumber: 3,
    splitLine: { lineStyle: { color: colours.line } },
  };
}

function zooms(xAxisIndex: readonly number[], colours: ChartColours, still: boolean) {
  const inside = {
    type: 'inside',
    xAxisIndex,
    filterMode: 'weakFilter',
    zoomOnMouseWheel: 'ctrl',
    moveOnMouseWheel: false,
  };
  const slider = {
    type: 'slider',
    xAxisIndex,
    filterMode: 'weakFilter',
    bottom: 6,
    height: 20,
    showDataShadow: false,
    labelFormatter: clock,
    brushSelect: false,
    borderColor: colours.line,
    textStyle: { color: colours.text },
  };
  return still ? [inside] : [inside, slider];
}

function carriedSeries({ timetable }: PageData, carried: readonly number[], colours: ChartColours) {
  const points: [number, number][] = [];
  for (let i = 0; i + 1 < carried.length; i += 2) points.push([carried[i] ?? 0, carried[i + 1] ?? 0]);
  const last = points.at(-1);
  if (last !== undefined && last[0] < timetable.makespanSeconds)
    points.push([timetable.makespanSeconds, last[1]]);
  return {
    id: 'carried',
    type: 'line',
    xAxisIndex: 1,
    yAxisIndex: 1,
    step: 'end',
    symbol: 'none',
    silent: true,
    lineStyle: { color: colours.carried, width: 1.5 },
    areaStyle: { color: colours.carried, opacity: 0.25 },
    data: points,
  };
}

function limitSeries({ timetable }: PageData, capacityMbps: number, colours: ChartColours) {
  return {
    id: 'limit',
    type: 'line',
    xAxisIndex: 1,
    yAxisIndex: 1,
    symbol: 'none',
    silent: true,
    lineStyle: { color: colours.text, width: 1, type: 'dashed' },
    data: [
      [0, capacityMbps],
      [timetable.makespanSeconds, capacityMbps],
    ],
  };
}

function tooltip(data: PageData, params: unknown): string {
  if (typeof params !== 'object' || params === null || !('dataIndex' in params)) return '';
  const step = typeof params.dataIndex === 'number' ? data.steps[params.dataIndex] : undefined;
  if (step === undefined) return '';
  const name = (list: readonly { readonly name: string }[], i: number | undefined) =>
    i === undefined ? '' : isolated(cut(list[i]?.name ?? ''));
  const lines = [
    `${isolated(step.id)}  ${kindWords[step.kind]}  ${name(data.servers, step.server)}`,
    [name(data.hosts, step.from), name(data.hosts, step.to)].filter((host) => host !== '').join(' → '),
    `${clock(step.startSeconds)} to ${clock(step.endSeconds)}, ${duration(step.endSeconds - step.startSeconds)}`,
    step.bytes === undefined ? '' : bytesWords(step.bytes),
  ];
  return plain(lines.filter((line) => line !== '').join('\n'));
}

function cut(name: string): string {
  return name.length > 60 ? `${name.slice(0, 59)}…` : name;
}

/** ECharts reads `{style|text}` in rich texts; a zero-width space keeps it from seeing one in a name. */
function plain(text: string): string {
  return text.replaceAll('{', '{\u200b');
}
