import { useEffect, useState } from 'preact/hooks';
import type { Board } from '../model/board.ts';
import type { Page } from '../model/page.ts';
import { useStore } from '../model/store.ts';
import { clock, grouped } from '../model/words.ts';
import { Button } from './button.tsx';
import { EventWords } from './event-words.tsx';

/** Goes through the events of the plan: by slider, keyboard, buttons, or by itself. */
export function EventSlider({ page, board }: { readonly page: Page; readonly board: Board }) {
  const position = useStore(board.position);
  const [playing, setPlaying] = useState(false);
  const last = board.walk.length;
  usePlaying(board, playing, () => {
    setPlaying(false);
  });

  const go = (to: number) => {
    setPlaying(false);
    board.goTo(to);
  };
  const at = page.data.cloud?.events[position - 1]?.atSeconds ?? 0;
  return (
    <div class="walk">
      <div class="walk-controls control" role="group" aria-label="Events">
        <Button
          inactive={position === 0}
          onPress={() => {
            go(0);
          }}
        >
          First
        </Button>
        <Button
          inactive={position === 0}
          onPress={() => {
            go(position - 1);
          }}
        >
          Previous
        </Button>
        <Button
          class="play"
          inactive={last === 0}
          onPress={() => {
            if (!playing && position === last) board.goTo(0);
            setPlaying(!playing);
          }}
        >
          {playing ? 'Pause' : 'Play'}
        </Button>
        <Button
          inactive={position === last}
          onPress={() => {
            go(position + 1);
          }}
        >
          Next
        </Button>
        <Button
          inactive={position === last}
          onPress={() => {
            go(last);
          }}
        >
          Last
        </Button>
        <label class="range">
          <span class="unseen">Event</span>
          <input
            type="range"
            min={0}
            max={last}
            step={1}
            value={position}
            disabled={last === 0}
            aria-valuetext={position === 0 ? 'before the plan' : `event ${position} of ${last}, ${clock(at)}`}
            onInput={({ currentTarget }) => {
              go(Number(currentTarget.value));
            }}
          />
        </label>
        <span class="count">{`${grouped(position)} / ${grouped(last)}`}</span>
      </div>
      <p class="event" role="status" aria-live={playing ? 'off' : 'polite'}>
        <time>{position === 0 ? '' : clock(at)}</time> <EventWords page={page} position={position} />
      </p>
    </div>
  );
}

/** Seconds that playing takes at most, however long the plan. */
const longestSeconds = 60;

/** Steps on by itself; slower and without more motion for who asked for less of it. */
function usePlaying(board: Board, playing: boolean, stop: () => void): void {
  useEffect(() => {
    if (!playing) return;
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const every = calm ? 2000 : Math.max(100, Math.min(900, (longestSeconds * 1000) / board.walk.length));
    const by = Math.max(1, Math.ceil((board.walk.length * every) / (longestSeconds * 1000)));
    const timer = setInterval(() => {
      board.goTo(board.walk.position() + by);
      if (board.walk.position() === board.walk.length) stop();
    }, every);
    return () => {
      clearInterval(timer);
    };
  }, [board, playing]);
}
