import { Literal } from './literal.tsx';
import type { Page } from '../model/page.ts';
import { clock } from '../model/words.ts';
import { StepWords } from './event-words.tsx';
import { Facts } from './facts.tsx';
import { HostLink, StepLink } from './name.tsx';

/** One server: where it is, where it will be, and by which steps. */
export function ServerDetail({ page, index }: { readonly page: Page; readonly index: number }) {
  const server = page.data.servers[index];
  if (server === undefined) return null;
  return (
    <>
      <h2 id="detail-title" tabIndex={-1}>
        Server <Literal text={server.name} />
      </h2>
      <Facts
        facts={[
          ['Id', <code>{server.id}</code>],
          [
            'Before',
            server.before === undefined ? 'no host' : <HostLink page={page} index={server.before} />,
          ],
          ['After', server.after === undefined ? 'no host' : <HostLink page={page} index={server.after} />],
          ...server.facts,
        ]}
      />
      <h3>Its steps</h3>
      <StepsInWords page={page} steps={page.index.stepsOfServer[index] ?? []} />
    </>
  );
}

/** Steps with what they do and what they are for. */
export function StepsInWords({ page, steps }: { readonly page: Page; readonly steps: readonly number[] }) {
  if (steps.length === 0) return <p>None.</p>;
  return (
    <ul class="plain">
      {steps.map((i) => {
        const step = page.data.steps[i];
        if (step === undefined) return null;
        return (
          <li key={i}>
            <StepLink page={page} index={i} /> at {clock(step.startSeconds)}:{' '}
            <StepWords page={page} step={step} />
            <br />
            <span class="note">
              <Literal text={page.data.texts[step.reason]} />
            </span>
          </li>
        );
      })}
    </ul>
  );
}
