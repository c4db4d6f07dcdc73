import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Board } from '../model/board.ts';
import { amount, signed } from '../model/words.ts';

interface MeterProps {
  readonly board: Board;
  readonly meter: number;
  readonly total: number;
  readonly unit: string;
}

/**
 * One resource of one cell: a bar, and the numbers beside it. The board draws it anew by hand at each event that changes
 * it: with thousands of them on the page that takes a small part of what drawing the map would.
 */
export function Meter({ board, meter, total, unit }: MeterProps) {
  const used = useRef<HTMLSpanElement>(null);
  const change = useRef<HTMLSpanElement>(null);
  const numbers = useRef<HTMLSpanElement>(null);
  const gained = useRef<HTMLSpanElement>(null);

  useLayoutEffect(() => {
    const draw = () => {
      const now = board.walk.used(meter);
      const by = board.walk.gained(meter);
      const share = (value: number) =>
        `${total === 0 ? 0 : Math.min(100, (100 * value) / total).toFixed(1)}%`;
      if (used.current !== null) used.current.style.width = share(Math.min(now, now - by));
      if (change.current !== null) {
        change.current.style.width = share(Math.abs(by));
        change.current.className = by < 0 ? 'less' : 'more';
      }
      if (numbers.current !== null)
        numbers.current.textContent = `${amount(now, unit)}\u2009/\u2009${amount(total, unit)}`;
      if (gained.current !== null) gained.current.textContent = signed(by, unit);
    };
    draw();
    return board.onMeter(meter, draw);
  }, [board, meter, total, unit]);

  return (
    <div class="meter" data-meter={meter}>
      <span class="bar" aria-hidden="true">
        <span class="used" ref={used} />
        <span class="more" ref={change} />
      </span>
      <span class="numbers" ref={numbers} />
      <span class="gained" ref={gained} />
    </div>
  );
}
