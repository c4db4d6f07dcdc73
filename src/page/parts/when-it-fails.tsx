import type { Page } from '../model/page.ts';
import { NoSteps, Section } from './section.tsx';
import { StepList } from './step-list.tsx';
import { WithCommands } from './with-commands.tsx';

/** What to do when a step fails, and which steps close a way back. */
export function WhenItFails({ page }: { readonly page: Page }) {
  const { steps, whenItFails } = page.data;
  const oneWay = [...steps.keys()].filter((i) => steps[i]?.noWayBackFrom === -1);
  const closing = [...new Set(steps.map((step) => step.noWayBackFrom ?? -1))].filter((i) => i >= 0);
  return (
    <Section id="failure" title="When a step fails">
      {steps.length === 0 && <NoSteps />}
      {whenItFails.map((paragraph, i) => (
        <p key={i} class="words">
          <WithCommands text={paragraph} />
        </p>
      ))}
      {oneWay.length > 0 && (
        <p>
          No way back once they are requested: <StepList page={page} steps={oneWay} />
        </p>
      )}
      {closing.length > 0 && (
        <p>
          Requests that close the way back of earlier steps:{' '}
          <StepList page={page} steps={closing.sort((one, other) => one - other)} />
        </p>
      )}
    </Section>
  );
}
