/** How a few kinds of text are set apart on a terminal; whoever prints a report decides with what. */
export interface Paint {
  readonly heading: (text: string) => string;
  /** A verdict as one hopes for it. */
  readonly good: (text: string) => string;
  /** What a reader should look at. */
  readonly warning: (text: string) => string;
  /** A verdict against it, or an error. */
  readonly bad: (text: string) => string;
}

const same = (text: string): string => text;

/** For files, pipes, and whoever wants no colours. */
export const plainPaint: Paint = { heading: same, good: same, warning: same, bad: same };
