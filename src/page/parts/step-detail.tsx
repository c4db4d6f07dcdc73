import { Literal } from './literal.tsx';
import type { PageStep } from '../../report/page/page-data.ts';
import { closeDetail } from '../model/follow-address.ts';
import type { Page } from '../model/page.ts';
import { clock, duration, kindWords, utc } from '../model/words.ts';
import { Button } from './button.tsx';
import { Facts } from './facts.tsx';
import { HostLink, ServerLink, StepLink } from './name.tsx';
import { StepList } from './step-list.tsx';
import { Waits } from './waits.tsx';

/** All that the plan says of one step. */
export function StepDetail({ page, index }: { readonly page: Page; readonly index: number }) {
  const step = page.data.steps[index];
  if (step === undefined) return null;
  const waiting = page.index.waiting[index] ?? [];
  return (
    <>
      <h2 id="detail-title" tabIndex={-1}>
        Step <Literal text={step.id} />
      </h2>
      <p>
        <Literal text={page.data.texts[step.reason]} />
      </p>
      <Facts facts={[...facts(page, step), ...pairs(page, step.facts)]} />
      <ShowElsewhere page={page} index={index} />
      <h3>It waits for</h3>
      <Waits page={page} index={index} />
      <h3>Waiting for it</h3>
      {waiting.length === 0 ? <p>No other step.</p> : <StepList page={page} steps={waiting} />}
    </>
  );
}

function facts(page: Page, step: PageStep) {
  const { startsAt } = page.data.timetable;
  const at = (seconds: number) =>
    `${clock(seconds)}${startsAt === undefined ? '' : ` (${utc(startsAt + seconds)})`}`;
  return [
    ['Kind', kindWords[step.kind]] as const,
    ...(step.server === undefined
      ? []
      : [['Server', <ServerLink page={page} index={step.server} />] as const]),
    ...(step.from === undefined ? [] : [['From', <HostLink page={page} index={step.from} />] as const]),
    ...(step.to === undefined ? [] : [['To', <HostLink page={page} index={step.to} />] as const]),
    ['Wave', String(step.wave)] as const,
    ['Starts', at(step.startSeconds)] as const,
    ['Ends', `${at(step.endSeconds)}, after ${duration(step.endSeconds - step.startSeconds)}`] as const,
    ...(step.stopOver === true ? [['Stop-over', 'the server moves on from here'] as const] : []),
    ...(step.forced === true ? [['Forced', 'the scheduler of Nova is not asked'] as const] : []),
    ...pointOfNoReturn(page, step),
  ];
}

function pointOfNoReturn(page: Page, { noWayBackFrom }: PageStep) {
  if (noWayBackFrom === undefined) return [];
  if (noWayBackFrom < 0) return [['Point of no return', 'its own request'] as const];
  return [
    [
      'Point of no return',
      <>
        the request of <StepLink page={page} index={noWayBackFrom} />
      </>,
    ] as const,
  ];
}

function pairs(page: Page, list: readonly number[]) {
  const found: (readonly [string, string])[] = [];
  for (let i = 0; i + 1 < list.length; i += 2)
    found.push([page.data.texts[list[i] ?? -1] ?? '', page.data.texts[list[i + 1] ?? -1] ?? '']);
  return found;
}

/** Ways from a step to where it stands on the map and in the graph. */
function ShowElsewhere({ page, index }: { readonly page: Page; readonly index: number }) {
  const event = page.index.requestedAt.get(index);
  const show = (section: string) => {
    page.leftFor.set(section);
    closeDetail();
  };
  return (
    <p class="control">
      {event !== undefined && (
        <Button
          onPress={() => {
            page.board?.goTo(event);
            show('map');
          }}
        >
          Show on the map
        </Button>
      )}
      <Button
        onPress={() => {
          page.graphStep.set(index);
          show('order');
        }}
      >
        Show in the graph
      </Button>
    </p>
  );
}
