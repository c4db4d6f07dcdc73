import { Literal } from './literal.tsx';
import { useState } from 'preact/hooks';
import type { PageNotice } from '../../report/page/page-data.ts';
import type { Page } from '../model/page.ts';
import { useStore } from '../model/store.ts';
import { count } from '../model/words.ts';
import { Facts } from './facts.tsx';
import { Section } from './section.tsx';
import { StepList } from './step-list.tsx';

/** What the plan is for and what it costs, with what to know before saying yes. */
export function Headline({ page }: { readonly page: Page }) {
  const { headline, warnings, assumptions } = page.data;
  return (
    <Section id="summary" title="Summary">
      <Facts facts={headline} />
      <Notices page={page} title={count(warnings.length, 'warning')} notices={warnings} kind="warning" />
      <Notices
        page={page}
        title={count(assumptions.length, 'assumption')}
        notices={assumptions}
        kind="assumption"
      />
    </Section>
  );
}

interface NoticesProps {
  readonly page: Page;
  readonly title: string;
  readonly notices: readonly PageNotice[];
  readonly kind: 'warning' | 'assumption';
}

function Notices({ page, title, notices, kind }: NoticesProps) {
  const paper = useStore(page.printing);
  const [open, setOpen] = useState(false);
  if (notices.length === 0)
    return <p class="note">{kind === 'warning' ? 'No warnings.' : 'Nothing is assumed.'}</p>;
  const list = (
    <ul>
      {notices.map((notice, i) => (
        <li key={i}>
          <Literal text={notice.text} />
          {notice.steps.length > 0 && <StepList page={page} steps={notice.steps} />}
        </li>
      ))}
    </ul>
  );
  if (kind === 'warning')
    return (
      <div class="notices warning">
        <h3>{title}</h3>
        {list}
      </div>
    );
  return (
    <details
      class="notices"
      open={paper || open}
      onToggle={({ currentTarget }) => {
        if (!page.printing.get()) setOpen(currentTarget.open);
      }}
    >
      <summary
        onClick={(event) => {
          // The toggle is told later, when the page may be on paper already.
          event.preventDefault();
          setOpen(!open);
        }}
      >
        {`${title}: what is taken to be so, as no fact says otherwise`}
      </summary>
      {list}
    </details>
  );
}
