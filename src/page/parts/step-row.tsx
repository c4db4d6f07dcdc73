import { Literal } from './literal.tsx';
import { memo } from '../model/memo.ts';
import type { Page } from '../model/page.ts';
import { bytesWords, clock, duration, kindWords, shortTime } from '../model/words.ts';
import { HostLink, ServerLink, StepLink } from './name.tsx';

/** One step in the table. */
export const StepRow = memo(function StepRow({
  page,
  index,
}: {
  readonly page: Page;
  readonly index: number;
}) {
  const step = page.data.steps[index];
  if (step === undefined) return null;
  return (
    <tr>
      <th scope="row">
        <StepLink page={page} index={index} />
      </th>
      <td>
        {kindWords[step.kind]}
        {step.stopOver === true && <span class="tag">stop-over</span>}
        {step.forced === true && <span class="tag">forced</span>}
      </td>
      <td>
        <ServerLink page={page} index={step.server} />
      </td>
      <td>
        <HostLink page={page} index={step.from} />
      </td>
      <td>
        <HostLink page={page} index={step.to} />
      </td>
      <td class="number">{step.wave}</td>
      <td class="number">{clock(step.startSeconds)}</td>
      <td class="number">{duration(step.endSeconds - step.startSeconds)}</td>
      <td class="number">{step.bytes === undefined ? '' : bytesWords(step.bytes)}</td>
      <td class="number">{step.downtimeMs === undefined ? '' : shortTime(step.downtimeMs)}</td>
      <td class="words">
        <Literal text={page.data.texts[step.reason]} />
      </td>
    </tr>
  );
});
