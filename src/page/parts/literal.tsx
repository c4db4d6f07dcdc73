import { splitMarks } from '../model/marks.ts';

/**
 * A text from the plan, as it is: isolated from the text around it, in its own direction, with marks that nobody would
 * see (such as those that turn the direction) made visible and kept from working.
 */
export function Literal({ text }: { readonly text: string | undefined }) {
  return <bdi>{marked(text ?? '')}</bdi>;
}

/** The same without the element around it. */
export function marked(text: string) {
  const parts = splitMarks(text);
  if (parts.every(({ code }) => code === undefined)) return text;
  return parts.map((part, i) =>
    part.code === undefined ? (
      part.text
    ) : (
      <bdi key={i} class="mark" data-code={part.code}>
        {part.text}
      </bdi>
    ),
  );
}
