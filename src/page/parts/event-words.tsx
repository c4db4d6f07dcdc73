import type { PageStep } from '../../report/page/page-data.ts';
import type { Page } from '../model/page.ts';
import { kindWords } from '../model/words.ts';
import { HostLink, ServerLink, StepLink } from './name.tsx';

/** What happens at a position of the slider: `m3 requested: web-1 from cmp-1 to cmp-4`. */
export function EventWords({ page, position }: { readonly page: Page; readonly position: number }) {
  const event = page.data.cloud?.events[position - 1];
  const step = event === undefined ? undefined : page.data.steps[event.step];
  if (event === undefined || step === undefined) return <span>Before the plan</span>;
  return (
    <span>
      <StepLink page={page} index={event.step} /> {event.what}: <StepWords page={page} step={step} />
    </span>
  );
}

/** What a step does: `web-1 from cmp-1 to cmp-4`, `disable service of cmp-1`. */
export function StepWords({ page, step }: { readonly page: Page; readonly step: PageStep }) {
  if (step.server === undefined)
    return (
      <>
        {kindWords[step.kind]}
        {step.from !== undefined && ' of '}
        <HostLink page={page} index={step.from} />
      </>
    );
  return (
    <>
      {step.kind !== 'live' && `${kindWords[step.kind]} `}
      <ServerLink page={page} index={step.server} />
      {step.from !== undefined && ' from '}
      <HostLink page={page} index={step.from} />
      {step.to !== undefined && ' to '}
      <HostLink page={page} index={step.to} />
    </>
  );
}
