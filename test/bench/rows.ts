import { type MvmInstance, readMvm } from './mvm/instance.ts';
import { knownOf } from './mvm/optimum.ts';
import { racksInstance } from './mvm/racks.ts';
import { runMvm } from './mvm/run.ts';
import { runRoadef } from './roadef/run.ts';
import { dataPath, missingData } from './support/data.ts';
import { peakMiB, round } from './support/meter.ts';
import { runDrain } from './synthetic/drain.ts';
import { runWholeDrain } from './synthetic/drain-whole.ts';
import { runSynthetic } from './synthetic/run.ts';
import { runVmr2l } from './vmr2l/run.ts';

/** What a row of the table says. */
export interface RowResult {
  readonly outcome: string;
  readonly objective: number;
  readonly bound?: number;
  /** What else the row measures, by name. */
  readonly figures?: Readonly<Record<string, number>>;
  /** Breaches that the checker found; anything but zero is a bug. */
  readonly broken: number;
  readonly cpuSeconds: number;
  readonly wallSeconds: number;
  readonly peakMiB: number;
}

/** One measurement: rows of a group differ in their seed alone. */
export interface Row {
  readonly id: string;
  readonly group: string;
  /** The command that repeats it. */
  readonly command: string;
  readonly quick: boolean;
  readonly missing: () => string | undefined;
  readonly run: () => Promise<RowResult>;
}

const seeds = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i + 1);

/** Hosts, servers, seeds and CPU seconds by size. */
const sizes = {
  xs: [10, 80],
  s: [30, 300],
  m: [100, 1200],
  l: [300, 4000],
  xl: [1000, 15_000],
  xxl: [10_000, 150_000],
} as const;

function synthetic(
  goal: 'a' | 'b',
  size: keyof typeof sizes,
  count: number,
  timeSeconds: number,
  { load = 0.6, quick = 0 }: { readonly load?: number; readonly quick?: number } = {},
): Row[] {
  const [hosts, servers] = sizes[size];
  return seeds(count).map((seed) => {
    const group = `synthetic ${goal} ${hosts}/${servers}${load === 0.6 ? '' : ` load ${load}`} ${timeSeconds} s`;
    return {
      id: `${group} seed ${seed}`,
      group,
      command: `npm run --silent bench:synthetic -- --hosts ${hosts} --servers ${servers} --seed ${seed} --goal ${goal} --load ${load} --time ${timeSeconds} --clock cpu --out NEW.json`,
      quick: seed <= quick,
      missing: () => missingData('synthetic', 'gen.mjs'),
      run: async () => {
        const {
          outcome,
          verdict,
          bound,
          spent,
          peakMiB: peak,
        } = await runSynthetic({
          hosts,
          servers,
          seed,
          goal,
          load,
          timeSeconds,
          clock: 'cpu',
        });
        return {
          outcome,
          objective: round(verdict.obj, 3),
          ...(bound === undefined ? {} : { bound: round(bound, 3) }),
          figures: { hosts: verdict.hosts, highest: verdict.z, moves: verdict.moves, migration: verdict.mig },
          broken: verdict.bad,
          ...spent,
          peakMiB: peak,
        };
      },
    };
  });
}

function drain(): Row {
  const [hosts, servers] = sizes.xxl;
  return {
    id: `drain one host of ${hosts}/${servers}`,
    group: `drain one host of ${hosts}/${servers}`,
    command: 'npm run bench',
    quick: true,
    missing: () => missingData('synthetic', 'gen.mjs'),
    run: async () => {
      const { outcome, objective, bound, broken, spent, peakMiB: peak } = await runDrain(hosts, servers, 1);
      return {
        outcome,
        objective,
        ...(bound === undefined ? {} : { bound }),
        broken,
        ...spent,
        peakMiB: peak,
      };
    },
  };
}

function wholeDrain(): Row {
  const [hosts, servers] = sizes.xxl;
  const id = `drain one host of ${hosts}/${servers}, end to end`;
  return {
    id,
    group: id,
    command: 'npm run bench',
    quick: true,
    missing: () => missingData('synthetic', 'gen.mjs'),
    run: async () => {
      const { spent, moves, ...result } = await runWholeDrain(hosts, servers, 1);
      return { ...result, ...spent, figures: { moves } };
    },
  };
}

function vmr2l(file: string, moves: number, quick: boolean): Row {
  const path = dataPath('vmr2l', `${file}.json.gz`);
  const group = `vmr2l ${file} K=${moves} 5 s`;
  return {
    id: group,
    group,
    command: `npm run --silent bench:vmr2l -- --in ../shared/bench/vmr2l/${file}.json.gz --moves ${moves} --time 5 --clock cpu --out NEW.json`,
    quick,
    missing: () => missingData('vmr2l', `${file}.json.gz`),
    run: async () => {
      const { outcome, verdict, spent } = await runVmr2l(path, moves, 5, 'cpu');
      return {
        outcome,
        objective: round(verdict.fragment, 4),
        figures: { moves: verdict.moves },
        broken: verdict.broken.length,
        ...spent,
        peakMiB: peakMiB(),
      };
    },
  };
}

/** Best of the contest's teams, or best known. */
const bestOf: Readonly<Record<string, number>> = {
  a1_1: 44_306_501,
  a1_2: 777_532_896,
  a1_3: 583_005_717,
  a1_4: 247_433_844,
  a1_5: 727_578_309,
  a2_1: 167,
  a2_2: 720_671_548,
  a2_3: 1_190_713_414,
  a2_4: 1_680_609_218,
  a2_5: 309_714_522,
  b_1: 3_339_186_879,
  b_2: 1_015_553_800,
  b_3: 156_835_787,
  b_4: 4_677_823_040,
  b_5: 923_092_380,
};

function roadef(name: string, timeSeconds: number, quick = false): Row {
  const [model, assignment] = [`model_${name}.txt.gz`, `assignment_${name}.txt.gz`];
  const folder = '../shared/bench/roadef2012';
  const group = `roadef ${name} ${timeSeconds} s`;
  return {
    id: group,
    group,
    command: `npm run --silent bench:roadef -- --model ${folder}/${model} --assignment ${folder}/${assignment} --time ${timeSeconds} --clock cpu --out NEW.json`,
    quick,
    missing: () => missingData('roadef2012', model),
    run: async () => {
      const { outcome, verdict, initial, spent } = await runRoadef(
        dataPath('roadef2012', model),
        dataPath('roadef2012', assignment),
        timeSeconds,
        'cpu',
      );
      const score = (100 * (verdict.cost - (bestOf[name] ?? 0))) / initial;
      return {
        outcome,
        objective: verdict.cost,
        figures: { score: round(score, 4) },
        broken: verdict.broken.length,
        ...spent,
        peakMiB: peakMiB(),
      };
    },
  };
}

function mvm(file: number): Row {
  const name = `random.${file}.json`;
  return {
    id: `mvm random ${file}`,
    group: 'mvm random',
    command: `npm run --silent bench:mvm -- --in ../shared/bench/mvm/random/${name} --out NEW.json`,
    quick: file === 9,
    missing: () => missingData('mvm', 'random', name),
    run: () => Promise.resolve(mvmResult(readMvm(dataPath('mvm', 'random', name)), knownOf(file))),
  };
}

/** Our own instance in the style of mVM's scaling experiment. */
function mvmRacks(groups: number, seed: number): Row {
  const group = `mvm ${groups * 96} migrations`;
  return {
    id: `${group} seed ${seed}`,
    group,
    command: `npm run bench -- --fresh --only "${group}"`,
    quick: seed === 1,
    missing: () => undefined,
    run: () => Promise.resolve(mvmResult(racksInstance(groups, seed))),
  };
}

/** `sumAlone` is the least sum of ends whatever the makespan; ours is the least with the makespan at its least. */
function mvmResult(instance: MvmInstance, known?: ReturnType<typeof knownOf>): RowResult {
  const { outcome, bound, verdict, spent } = runMvm(instance);
  return {
    outcome,
    objective: verdict.makespan,
    bound,
    figures: {
      sumOfEnds: verdict.sumOfEnds,
      ...(known !== undefined && {
        optimum: known.makespan,
        sumAlone: known.sumOfEnds,
        mvm: known.mvmMakespan,
        mvmSum: known.mvmSumOfEnds,
      }),
    },
    broken: verdict.broken.length,
    ...spent,
    peakMiB: peakMiB(),
  };
}

/** Every row, cheap ones first. */
export const rows: readonly Row[] = [
  ...synthetic('a', 'xs', 5, 2, { quick: 2 }),
  ...synthetic('a', 's', 5, 5, { quick: 2 }),
  ...synthetic('a', 'm', 5, 2, { quick: 1 }),
  ...synthetic('a', 'm', 5, 30),
  ...synthetic('a', 'l', 3, 20, { quick: 1 }),
  ...synthetic('a', 'xl', 2, 60, { quick: 1 }),
  ...synthetic('a', 'xxl', 1, 120),
  ...synthetic('b', 'xs', 3, 10, { quick: 1 }),
  ...synthetic('b', 's', 3, 30, { quick: 1 }),
  ...synthetic('b', 'm', 3, 60),
  ...synthetic('b', 'l', 2, 60),
  ...synthetic('b', 'xl', 1, 60),
  ...synthetic('a', 'm', 5, 30, { load: 0.85, quick: 1 }),
  drain(),
  wholeDrain(),
  ...Array.from({ length: 25 }, (_, index) => mvm(index + 1)),
  ...seeds(2).map((seed) => mvmRacks(18, seed)),
  ...['reset_vm_pm0', 'reset_vm_pm_id_clear2'].flatMap((file) =>
    [10, 25, 50, 100].map((moves) => vmr2l(file, moves, moves === 50)),
  ),
  roadef('a1_1', 20, true),
  ...['a1_2', 'a1_3', 'a1_4', 'a1_5'].map((name) => roadef(name, 300)),
  ...['a2_1', 'a2_2', 'a2_3', 'a2_4', 'a2_5'].map((name) => roadef(name, 300)),
  ...['b_1', 'b_2', 'b_3', 'b_4', 'b_5'].map((name) => roadef(name, 300)),
];
