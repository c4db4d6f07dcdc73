import { memo } from '../model/memo.ts';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { roleOf, type Board } from '../model/board.ts';
import type { Page } from '../model/page.ts';
import { linkTo } from '../model/route.ts';
import { Meter } from './meter.tsx';
import { Name } from './name.tsx';

interface TileProps {
  readonly page: Page;
  readonly board: Board;
  readonly host: number;
  /** Index of the resource shown; −1 for all. */
  readonly resource: number;
}

const roleWords = { from: 'leaves', to: 'arrives', host: 'here' };

/** One host on the map. */
export const HostTile = memo(function HostTile({ page, board, host, resource }: TileProps) {
  const facts = page.data.hosts[host];
  const cells = page.data.cloud?.hosts[host]?.cells ?? [];
  const tile = useRef<HTMLLIElement>(null);
  const servers = useRef<HTMLSpanElement>(null);
  const unit = useRef<HTMLSpanElement>(null);
  const role = useRef<HTMLSpanElement>(null);

  useLayoutEffect(() => {
    const draw = () => {
      const running = board.walk.servers(host);
      if (servers.current !== null) servers.current.textContent = running === 0 ? 'empty' : String(running);
      if (unit.current !== null)
        unit.current.textContent = running === 0 ? '' : running === 1 ? ' server' : ' servers';
      const part =
        page.data.cloud === undefined
          ? undefined
          : roleOf(page.data.cloud, page.data.steps, board.walk.position(), host);
      if (role.current !== null) role.current.textContent = part === undefined ? '' : roleWords[part];
      if (part === undefined) delete tile.current?.dataset['role'];
      else tile.current?.setAttribute('data-role', part);
    };
    draw();
    return board.onHost(host, draw);
  }, [page, board, host]);

  if (facts === undefined) return null;
  return (
    <li ref={tile} class="tile" data-host={host}>
      <div class="tile-head">
        <a class="thing" href={linkTo('host', facts.name)}>
          <Name name={facts.name} />
        </a>
        <span ref={role} class="role" />
        {facts.status !== 'enabled' && <span class="status">{facts.status}</span>}
        <span class="servers" title="servers that run here">
          <span ref={servers} />
          <span ref={unit} class="unseen" />
        </span>
      </div>
      {cells.map((cell, i) => (
        <CellMeters key={i} page={page} board={board} cell={cell} resource={resource} />
      ))}
    </li>
  );
});

interface CellProps {
  readonly page: Page;
  readonly board: Board;
  readonly cell: { readonly id?: number; readonly meters: readonly number[] };
  readonly resource: number;
}

function CellMeters({ page, board, cell, resource }: CellProps) {
  const resources = page.data.cloud?.resources ?? [];
  const shown = pairs(cell.meters).filter(([which]) => resource === -1 || which === resource);
  if (shown.length === 0) return null;
  return (
    <div class="cell">
      {cell.id !== undefined && (
        <span class="cell-id">
          <span class="unseen">NUMA cell </span>
          {cell.id}
        </span>
      )}
      <div class="meters">
        {shown.map(([which, meter]) => (
          <div key={meter} class="meter-line">
            {resource === -1 && <span class="meter-name">{resources[which]?.name}</span>}
            <Meter
              board={board}
              meter={meter}
              total={page.data.cloud?.total[meter] ?? 0}
              unit={resources[which]?.unit ?? ''}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

function pairs(list: readonly number[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (let i = 0; i + 1 < list.length; i += 2) found.push([list[i] ?? 0, list[i + 1] ?? 0]);
  return found;
}
