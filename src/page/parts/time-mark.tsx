import type { ECharts } from 'echarts/core';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { PageCloud } from '../../report/page/page-data.ts';
import type { Board } from '../model/board.ts';
import { place, type Rows } from '../model/chart-rows.ts';

interface MarkProps {
  readonly board: Board;
  readonly events: PageCloud['events'];
  readonly chart: ECharts;
  readonly rows: Rows;
}

/**
 * The time at which the slider of the map stands, as a line over the chart; none where that is zoomed out of sight. It
 * is moved by hand: at a step of the slider nothing of the chart is drawn anew.
 */
export function TimeMark({ board, events, chart, rows }: MarkProps) {
  const line = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    let drawn = false; // before that the chart has no axis
    const move = () => {
      if (line.current === null || !drawn) return;
      const at = events[board.position.get() - 1]?.atSeconds ?? 0;
      const x = chart.convertToPixel({ xAxisIndex: 0 }, at);
      const [first, last] = [place.left, chart.getWidth() - place.right];
      line.current.style.transform = `translateX(${x.toFixed(1)}px)`;
      line.current.hidden = x < first - 1 || x > last + 1;
    };
    const rendered = () => {
      drawn = true;
      move();
    };
    chart.on('rendered', rendered); // zoomed and of another width too
    const stop = board.position.listen(move);
    return () => {
      stop();
      if (!chart.isDisposed()) chart.off('rendered', rendered);
    };
  }, [board, events, chart, rows]);

  const height = rows.height - place.top - place.bottom;
  return (
    <div
      ref={line}
      class="time-mark"
      hidden
      aria-hidden="true"
      style={{ top: `${place.top}px`, height: `${height}px` }}
    />
  );
}
