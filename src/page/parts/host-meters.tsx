import type { Board } from '../model/board.ts';
import { meterChanges } from '../model/meter-changes.ts';
import type { Page } from '../model/page.ts';
import { useStore } from '../model/store.ts';
import { amount, shownUnit } from '../model/words.ts';

interface MetersProps {
  readonly page: Page;
  readonly board: Board;
  readonly host: number;
}

/** Each resource of each cell of a host: before, at the slider's event, after, of how much. */
export function HostMeters({ page, board, host }: MetersProps) {
  useStore(board.position);
  const { cloud } = page.data;
  const found = cloud?.hosts[host];
  if (cloud === undefined || found === undefined) return null;
  const after = meterChanges(
    cloud,
    new Set(found.cells.flatMap((cell) => cell.meters.filter((_, i) => i % 2 === 1))),
  );
  return (
    <table class="meters-table">
      <caption>Used, by NUMA cell</caption>
      <thead>
        <tr>
          <th scope="col">Cell</th>
          <th scope="col">Resource</th>
          <th scope="col" class="number">
            Before
          </th>
          <th scope="col" class="number">
            Now
          </th>
          <th scope="col" class="number">
            After
          </th>
          <th scope="col" class="number">
            All
          </th>
        </tr>
      </thead>
      <tbody>
        {found.cells.flatMap((cell) =>
          cell.meters.flatMap((which, i) => {
            if (i % 2 === 1) return [];
            const meter = cell.meters[i + 1] ?? -1;
            const { name, unit } = cloud.resources[which] ?? { name: '', unit: '' };
            const before = cloud.used[meter] ?? 0;
            return [
              <tr key={meter}>
                <td>{cell.id ?? 'host'}</td>
                <th scope="row">{unit === '' ? name : `${name}, ${shownUnit(unit)}`}</th>
                <td class="number">{amount(before, unit)}</td>
                <td class="number">{amount(board.walk.used(meter), unit)}</td>
                <td class="number">{amount(before + (after.get(meter) ?? 0), unit)}</td>
                <td class="number">{amount(cloud.total[meter] ?? 0, unit)}</td>
              </tr>,
            ];
          }),
        )}
      </tbody>
    </table>
  );
}
