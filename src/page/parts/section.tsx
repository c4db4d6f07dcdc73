import type { ComponentChildren } from 'preact';

/** One part of the page, a landmark with a heading. */
export function Section(props: {
  readonly id: string;
  readonly title: string;
  /** A short line beside the title. */
  readonly note?: string;
  /** Whether what the reader does changes that line, which is read out then. */
  readonly noteChanges?: true;
  readonly children: ComponentChildren;
}) {
  return (
    <section id={props.id} aria-labelledby={`${props.id}-title`}>
      <div class="section-head">
        <h2 id={`${props.id}-title`} tabIndex={-1}>
          {props.title}
        </h2>
        {props.note !== undefined && (
          <p class="note" role={props.noteChanges === true ? 'status' : undefined}>
            {props.note}
          </p>
        )}
      </div>
      {props.children}
    </section>
  );
}

/** What stands in a section that is about steps, where there are none. */
export const NoSteps = () => <p>The plan has no steps.</p>;
