import type { ComponentChildren } from 'preact';

interface ButtonProps {
  readonly class?: string;
  /** Whether a press would do nothing now. The button keeps the focus then, which a disabled one would lose. */
  readonly inactive?: boolean;
  readonly onPress: () => void;
  readonly children: ComponentChildren;
}

/** A button that can be worked by keyboard again and again. */
export function Button({ class: kind, inactive = false, onPress, children }: ButtonProps) {
  return (
    <button
      type="button"
      class={kind}
      aria-disabled={inactive}
      onClick={() => {
        if (!inactive) onPress();
      }}
    >
      {children}
    </button>
  );
}
