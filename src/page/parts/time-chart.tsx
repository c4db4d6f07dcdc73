import { init, use, type ECharts } from 'echarts/core';
import { CustomChart, LineChart } from 'echarts/charts';
import { DataZoomComponent, GridComponent, TooltipComponent } from 'echarts/components';
import { CanvasRenderer } from 'echarts/renderers';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { chartColours } from '../model/chart-colours.ts';
import { chartOption } from '../model/chart-option.ts';
import { createRows } from '../model/chart-rows.ts';
import { packLanes } from '../model/lanes.ts';
import type { Page } from '../model/page.ts';
import { linkTo } from '../model/route.ts';
import { useStore } from '../model/store.ts';
import { count, duration } from '../model/words.ts';
import { TimeMark } from './time-mark.tsx';
import { useDark } from './use-dark.ts';

use([CustomChart, LineChart, DataZoomComponent, GridComponent, TooltipComponent, CanvasRenderer]);

/** Width on paper, in CSS pixels: that of A4 without its margins. */
const paperWidth = 680;

/** The chart on its canvas. The page is readable before it is drawn. */
export function TimeChart({ page, link }: { readonly page: Page; readonly link: number }) {
  const place = useRef<HTMLDivElement>(null);
  const [chart, setChart] = useState<ECharts>();
  const printing = useStore(page.printing);
  const dark = useDark(page);
  const rows = useMemo(() => createRows(page.data, printing), [page, printing]);

  useLayoutEffect(() => {
    const at = place.current;
    if (at === null) return;
    let made: ECharts | undefined;
    // After the first paint: what is above can be read meanwhile.
    const later = setTimeout(() => {
      made = init(at, undefined, { renderer: 'canvas' });
      made.on('click', (params) => {
        const step = page.data.steps[params.seriesId === 'steps' ? params.dataIndex : -1];
        if (step !== undefined) location.hash = linkTo('step', step.id);
      });
      setChart(made);
    });
    const watch = new ResizeObserver(() => {
      if (!page.printing.get()) made?.resize();
    });
    watch.observe(at);
    return () => {
      clearTimeout(later);
      watch.disconnect();
      made?.dispose();
    };
  }, [page]);

  useLayoutEffect(() => {
    if (chart === undefined) return;
    chart.resize({ width: printing ? paperWidth : 'auto', height: rows.height });
    chart.setOption(chartOption(page.data, rows, link, chartColours(dark), printing), {
      replaceMerge: ['series', 'yAxis', 'dataZoom'],
    });
    if (printing) chart.getZr().flush();
  }, [chart, page, rows, link, dark, printing]);

  const { steps, timetable, cloud } = page.data;
  const atOnce = useMemo(() => packLanes(steps).count, [steps]);
  return (
    <div class="time-chart">
      <div
        ref={place}
        role="img"
        aria-label={`Chart: ${count(steps.length, 'step')} over ${duration(timetable.makespanSeconds)}, at most ${atOnce} at once. The table of steps has the same.`}
        style={{ height: `${rows.height}px` }}
      />
      {chart !== undefined && page.board !== undefined && cloud !== undefined && (
        <TimeMark board={page.board} events={cloud.events} chart={chart} rows={rows} />
      )}
    </div>
  );
}
