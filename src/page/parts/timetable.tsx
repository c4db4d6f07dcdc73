import { Literal } from './literal.tsx';
import { useState } from 'preact/hooks';
import type { Page } from '../model/page.ts';
import { clock, count, duration, grouped, utc } from '../model/words.ts';
import { isolated } from '../model/marks.ts';
import { NoSteps, Section } from './section.tsx';
import { TimeChart } from './time-chart.tsx';

/** The steps over time, and under them what one link carries. */
export function Timetable({ page }: { readonly page: Page }) {
  const { steps, timetable } = page.data;
  const [link, setLink] = useState(() => busiest(page));
  const chosen = timetable.links[link];
  if (steps.length === 0)
    return (
      <Section id="timetable" title="Timetable">
        <NoSteps />
      </Section>
    );
  return (
    <Section
      id="timetable"
      title="Timetable"
      note={`${count(steps.length, 'step')} in ${duration(timetable.makespanSeconds)}`}
    >
      <div class="controls control">
        {timetable.links.length > 0 && (
          <label>
            Link
            <select
              value={link}
              onChange={({ currentTarget }) => {
                setLink(Number(currentTarget.value));
              }}
            >
              {timetable.links.map(({ name, peakMbps, capacityMbps }, i) => (
                <option key={i} value={i}>
                  {`${isolated(name)}: at most ${grouped(peakMbps)} of ${grouped(capacityMbps)} Mbit/s`}
                </option>
              ))}
            </select>
          </label>
        )}
        <p class="note">
          Drag the bar under the chart, or turn the wheel with Ctrl, to zoom. A click on a step opens it. The
          table of <a href="#steps">steps</a> says the same in words.
        </p>
      </div>
      <p class="legend">
        <span class="key kind-live" /> live <span class="key kind-cold" /> cold, evacuate (C, E){' '}
        <span class="key kind-other" /> other{' '}
        {timetable.shut.length > 0 && (
          <>
            <span class="key shut" /> shut: nothing may be on its way{' '}
          </>
        )}
        {timetable.frozen.length > 0 && (
          <>
            <span class="key frozen" /> frozen: some are left alone{' '}
          </>
        )}
        {page.board !== undefined && (
          <span class="control">
            <span class="key time" /> where the slider of the map stands
          </span>
        )}
      </p>
      {timetable.startsAt !== undefined && (
        <p class="note">{`The plan starts at ${utc(timetable.startsAt)}.`}</p>
      )}
      <TimeChart page={page} link={link} />
      {chosen !== undefined && (
        <p class="note">
          <Literal text={chosen.name} />
          {` carries at most ${grouped(chosen.peakMbps)} of ${grouped(chosen.capacityMbps)} Mbit/s.`}
        </p>
      )}
      <Stretches title="Shut" words={timetable.shut.map(([from, to]) => `${clock(from)} to ${clock(to)}`)} />
      <Stretches
        title="Frozen"
        words={timetable.frozen.map(
          ({ of, fromSeconds, toSeconds }) => `${isolated(of)} ${clock(fromSeconds)} to ${clock(toSeconds)}`,
        )}
      />
    </Section>
  );
}

const mostStretches = 20;

/** Stretches of time in words; of many the first. */
function Stretches({ title, words }: { readonly title: string; readonly words: readonly string[] }) {
  if (words.length === 0) return null;
  const more = words.length > mostStretches ? ` and ${words.length - mostStretches} more` : '';
  return <p class="note words">{`${title}: ${words.slice(0, mostStretches).join(', ')}${more}.`}</p>;
}

/** The link that comes closest to what it can carry. */
function busiest({ data }: Page): number {
  const share = (i: number) => {
    const link = data.timetable.links[i];
    return link === undefined || link.capacityMbps === 0 ? 0 : link.peakMbps / link.capacityMbps;
  };
  return data.timetable.links.reduce((best, _, i) => (share(i) > share(best) ? i : best), 0);
}
