import type { PageData } from '../../report/page/page-data.ts';
import { packLanes } from './lanes.ts';

/** Which line each step stands on, and the height of the chart in pixels. */
export interface Rows {
  readonly lanes: readonly number[];
  readonly count: number;
  readonly rowHeight: number;
  readonly height: number;
  /** Whether it is known what links carry, which takes the cloud. */
  readonly withLinks: boolean;
}

/** Pixels beside the lines, above them, of the link's chart, between the two, and under them. */
export const place = { left: 64, right: 16, top: 8, linkHeight: 110, gap: 44, bottom: 66 };

/** Up to so many steps each have a line of their own; more share lines. */
const ownLines = 48;

/** A line a step while they are few; else as few lines as hold them. */
export function createRows({ steps, timetable }: PageData, paper: boolean): Rows {
  const own = steps.length <= ownLines;
  const { lanes, count } = own ? { lanes: [...steps.keys()], count: steps.length } : packLanes(steps);
  const rowHeight = own ? (paper ? 14 : 18) : Math.max(1, Math.min(16, 520 / count));
  const withLinks = timetable.links.some(({ carried }) => carried.length > 0);
  const height =
    place.top + count * rowHeight + place.bottom + (withLinks ? place.gap + place.linkHeight : 0);
  return { lanes, count, rowHeight, height, withLinks };
}
