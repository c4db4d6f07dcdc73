import { Literal } from './literal.tsx';
import type { Page } from '../model/page.ts';
import { Facts } from './facts.tsx';
import { HostMeters } from './host-meters.tsx';
import { ServerLink } from './name.tsx';
import { StepsInWords } from './server-detail.tsx';

/** One host: what it has, who runs there before and after, and its steps. */
export function HostDetail({ page, index }: { readonly page: Page; readonly index: number }) {
  const host = page.data.hosts[index];
  if (host === undefined) return null;
  const before = page.index.before[index] ?? [];
  const after = page.index.after[index] ?? [];
  return (
    <>
      <h2 id="detail-title" tabIndex={-1}>
        Host <Literal text={host.name} />
      </h2>
      <Facts
        facts={[
          ...(host.zone === undefined ? [] : [['Zone', host.zone] as const]),
          ['Service', host.status],
          ...host.facts,
        ]}
      />
      {page.board !== undefined && <HostMeters page={page} board={page.board} host={index} />}
      <h3>Leave</h3>
      <Servers page={page} servers={before.filter((server) => !after.includes(server))} />
      <h3>Arrive</h3>
      <Servers page={page} servers={after.filter((server) => !before.includes(server))} />
      <h3>Stay</h3>
      <Servers page={page} servers={before.filter((server) => after.includes(server))} />
      <h3>Steps</h3>
      <StepsInWords page={page} steps={page.index.stepsOfHost[index] ?? []} />
    </>
  );
}

function Servers({ page, servers }: { readonly page: Page; readonly servers: readonly number[] }) {
  if (servers.length === 0) return <p>No server.</p>;
  return (
    <ul class="names">
      {servers.map((server) => (
        <li key={server}>
          <ServerLink page={page} index={server} />
        </li>
      ))}
    </ul>
  );
}
