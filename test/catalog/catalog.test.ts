import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadCatalog, readGoalFile } from '../../src/catalog/catalog.ts';
import { InputError } from '../../src/shared/diagnostic.ts';

const models = fileURLToPath(new URL('../../models', import.meta.url));
let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'planner-catalog-'));
  cpSync(models, folder, { recursive: true });
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Table {
  readonly releases: readonly { readonly major: number }[];
  readonly switches: Readonly<
    Record<string, { readonly strictestFirst: readonly unknown[]; readonly since: readonly unknown[] }>
  >;
}

const tableFile = () => join(folder, 'profiles', 'releases.json');
const readTable = (): Table => JSON.parse(readFileSync(tableFile(), 'utf8')) as Table;
const writeTable = (table: unknown): void => {
  writeFileSync(tableFile(), JSON.stringify(table));
};

const problemsOf = async (work: Promise<unknown>): Promise<string[]> => {
  try {
    await work;
  } catch (error) {
    if (error instanceof InputError)
      return error.diagnostics.map((d) =>
        `${d.code} ${(d.source ?? '').replace(`${folder}/`, '')} ${d.path ?? ''}`.trimEnd(),
      );
    throw error;
  }
  return [];
};

describe('the catalog that comes with the program', () => {
  it('has the goals, profiles and CPU models', async () => {
    const { goals, profiles, cpuTable } = await loadCatalog();

    expect([...goals.keys()]).toEqual([
      'balance',
      'consolidate',
      'defragment',
      'drain',
      'evacuate',
      'repair',
      'spread',
    ]);
    expect([...profiles.keys()]).toEqual([
      '2024.1',
      'latest',
      'rhoso-18',
      'rhosp-13',
      'rhosp-13-late',
      'rhosp-16',
      'rhosp-17',
      'strict',
      'zed',
    ]);
    expect(cpuTable.models.get('Cascadelake-Server')?.features.has('avx512vnni')).toBe(true);
  });

  it('speaks of spare hosts only where hosts are emptied, and weighs every move', async () => {
    const { goals } = await loadCatalog();

    for (const goal of goals.values()) {
      expect(goal.terms.map((term) => term.kind)).toContain('migration-cost');
      expect(goal.spareHosts === 0 || goal.disableEmptied).toBe(true);
    }
  });
});

describe('a catalog with mistakes', () => {
  it('names all of them, of all files', async () => {
    writeFileSync(join(folder, 'goals', 'balance.json'), '{"name": "balance", "weights": 3}');
    writeFileSync(join(folder, 'goals', 'broken.json'), '{');
    writeFileSync(
      join(folder, 'goals', 'other.json'),
      JSON.stringify({
        name: 'not-other',
        description: '',
        spareHosts: 0,
        headroomPercent: 0,
        disableEmptied: false,
        terms: [{ kind: 'hosts-used', weight: 1 }],
      }),
    );
    writeFileSync(
      join(folder, 'profiles', 'zed.json'),
      '{"name": "zed", "novaMajors": [3], "overlay": {"cellChoice": "any"}}',
    );

    const problems = await problemsOf(loadCatalog(folder));

    expect(problems.filter((text) => text.includes('balance.json'))).toEqual([
      'goal.missing goals/balance.json $.description',
      'goal.missing goals/balance.json $.spareHosts',
      'goal.missing goals/balance.json $.headroomPercent',
      'goal.missing goals/balance.json $.disableEmptied',
      'goal.missing goals/balance.json $.terms',
      'goal.unknown-member goals/balance.json $.weights',
    ]);
    expect(problems).toContain('goal.not-json goals/broken.json');
    expect(problems).toContain('goal.name goals/other.json $.name');
    expect(problems).toContain('profile.out-of-range profiles/zed.json $.novaMajors[0]');
    expect(problems).toContain('profile.malformed profiles/zed.json $.overlay.cellChoice');
  });

  it('names what the table of releases has wrong', async () => {
    const table = readTable();
    const { cellChoice, vgpuLive, lateGroupCheck, forcedLive, ...switches } = table.switches;
    writeTable({
      ...table,
      releases: table.releases.filter(({ major }) => major !== 20),
      switches: {
        ...switches,
        cellChoice: { ...cellChoice, strictestFirst: ['same', 'any'] },
        vgpuLive: { ...vgpuLive, since: [{ major: 18, value: 'refused' }] },
        lateGroupCheck: { ...lateGroupCheck, since: lateGroupCheck?.since.toReversed() },
      },
    });

    expect(forcedLive).toBeDefined();
    const at = 'releases.malformed profiles/releases.json $';
    expect((await problemsOf(loadCatalog(folder))).toSorted()).toEqual([
      `${at}.releases`,
      `${at}.switches.cellChoice.strictestFirst`,
      `${at}.switches.lateGroupCheck.since`,
      `${at}.switches.lateGroupCheck.since`,
      `${at}.switches.vgpuLive.since`,
      'releases.missing profiles/releases.json $.switches.forcedLive',
    ]);
  });

  it('refuses values that a switch cannot have', async () => {
    const table = readTable();
    const { batchException } = table.switches;
    writeTable({
      ...table,
      switches: {
        ...table.switches,
        batchException: { ...batchException, strictestFirst: [false, true, 'perhaps'] },
      },
    });

    expect(await problemsOf(loadCatalog(folder))).toEqual([
      'releases.malformed profiles/releases.json $.switches.batchException.strictestFirst[2]',
    ]);
  });

  it('refuses a profile of a release that the table does not have', async () => {
    writeFileSync(
      join(folder, 'profiles', 'mine.json'),
      JSON.stringify({ name: 'mine', description: 'x', novaMajors: [26, 40], overlay: {}, sources: ['x'] }),
    );

    expect(await problemsOf(loadCatalog(folder))).toEqual([
      'profile.unknown-release profiles/mine.json $.novaMajors[1]',
    ]);
  });

  it('says what is missing', async () => {
    expect(await problemsOf(loadCatalog(join(folder, 'nowhere')))).toEqual([
      'goal.unreadable nowhere/goals',
      'profile.unreadable nowhere/profiles',
      'releases.unreadable nowhere/profiles/releases.json',
      'cpu-models.unreadable nowhere/cpu-models.json',
    ]);
  });
});

describe('a goal of the user', () => {
  const mine = {
    name: 'mine',
    description: 'Empty hosts, whatever it takes.',
    spareHosts: 0,
    headroomPercent: 5,
    disableEmptied: true,
    terms: [{ kind: 'hosts-used', weight: 1 }],
  };

  it('is read from its file', async () => {
    writeFileSync(join(folder, 'mine.json'), JSON.stringify(mine));

    expect(await readGoalFile(join(folder, 'mine.json'), await loadCatalog())).toEqual(mine);
  });

  it('cannot bear the name of one that comes with the program', async () => {
    writeFileSync(join(folder, 'mine.json'), JSON.stringify({ ...mine, name: 'balance' }));

    expect(await problemsOf(readGoalFile(join(folder, 'mine.json'), await loadCatalog()))).toEqual([
      'goal.name mine.json $.name',
    ]);
  });

  it.each([
    [
      'an unknown term',
      { ...mine, terms: [{ kind: 'happiness', weight: 1 }] },
      'malformed',
      '$.terms[0].kind',
    ],
    [
      'a negative weight',
      { ...mine, terms: [{ kind: 'hosts-used', weight: -1 }] },
      'out-of-range',
      '$.terms[0].weight',
    ],
    ['no terms', { ...mine, terms: [] }, 'out-of-range', '$.terms'],
    ['a headroom of everything', { ...mine, headroomPercent: 100 }, 'out-of-range', '$.headroomPercent'],
  ])('is refused with %s', async (_, goal, code, path) => {
    writeFileSync(join(folder, 'mine.json'), JSON.stringify(goal));

    expect(await problemsOf(readGoalFile(join(folder, 'mine.json'), await loadCatalog()))).toEqual([
      `goal.${code} mine.json ${path}`,
    ]);
  });
});
