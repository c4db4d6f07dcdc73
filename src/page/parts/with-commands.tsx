import { Literal } from './literal.tsx';

/** A text in which commands stand between backquotes. */
export function WithCommands({ text }: { readonly text: string }) {
  return (
    <>
      {text.split('`').map((part, i) =>
        i % 2 === 1 ? (
          <code key={i}>
            <Literal text={part} />
          </code>
        ) : (
          <Literal key={i} text={part} />
        ),
      )}
    </>
  );
}
