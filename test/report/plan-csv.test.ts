import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { serverId } from '../../src/model/ids.ts';
import { planCsv } from '../../src/report/plan-csv.ts';
import { aConfirm, aMigration, aPlan, aServiceStep } from './sample-plan.ts';

/** As a spreadsheet reads it (RFC 4180). */
function cellsOf(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

describe('a plan as CSV', () => {
  it('has a header, and a row a step in the order of their requests', () => {
    const [header = [], ...rows] = cellsOf(
      planCsv(aPlan([aServiceStep(), aMigration({ dependsOn: [{ step: 'd1', reason: 'x' }] }), aConfirm()])),
    );
    const column = (name: string) => rows.map((row) => row[header.indexOf(name)]);

    expect(rows.map((row) => row.length)).toEqual([21, 21, 21]);
    expect(column('step')).toEqual(['d1', 's1', 's2']);
    expect(column('kind')).toEqual(['disable-service', 'live', 'confirm']);
    expect(column('host')).toEqual(['h1', 'h1', '']);
    expect(column('to_host')).toEqual(['', 'h2', '']);
    expect(column('depends_on')).toEqual(['', 'd1', 's1']);
    expect(column('expected_seconds')).toEqual(['', '60', '']);
    expect(column('command')[1]).toBe(
      'openstack --os-compute-api-version 2.68 server migrate --live-migration --host=h2 -- s-web-1',
    );
  });

  it.each(['=cmd|calc', '+1', '-1', '@SUM(A1)', ' =1', '＝1'])(
    'lets no spreadsheet take %j for a formula',
    (name) => {
      const row = cellsOf(planCsv(aPlan([aMigration({ serverName: name })])))[1] ?? [];

      expect(row[4]).toMatch(/^'/);
    },
  );

  it('keeps its rows and columns, whatever names hold', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.string({ maxLength: 20 }),
        (name, reason) => {
          const rows = cellsOf(
            planCsv(aPlan([aMigration({ server: serverId(`s${name}`), serverName: name, reason })])),
          );

          expect(rows.map((row) => row.length)).toEqual([21, 21]);
          for (const cell of rows[1] ?? []) expect(cell).not.toMatch(/^[=+\-@]|[\r\n]/);
        },
      ),
    );
  });
});
