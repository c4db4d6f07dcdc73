import { compareText, groupBy } from '../shared/collections.ts';
import {
  type Check,
  type CheckState,
  checkStates,
  type Finding,
  ok,
  type Patient,
  unknown,
} from './check.ts';
import { checks } from './registry.ts';

/** One check with what it found, the worst first. */
export interface Checked {
  readonly id: string;
  /** That of the worst finding. */
  readonly state: CheckState;
  readonly needed: string;
  readonly why: string;
  readonly findings: readonly Finding[];
}

/** Every check of the registry on a cloud, its answers and its hosts; in the order of the registry. */
export function examine(patient: Patient, all: readonly Check[] = checks): readonly Checked[] {
  return all.map((check) => {
    const findings = putTogether([...findingsOf(check, patient), ...unreported(check, patient)]);
    const [worst = ok([], check.fine)] = findings;
    const { id, needed, why } = check;
    return { id, needed, why, state: worst.state, findings: findings.length === 0 ? [worst] : findings };
  });
}

function findingsOf(check: Check, patient: Patient): readonly Finding[] {
  switch (check.looksAt) {
    case 'cloud':
      return patient.cloud === undefined ? [nothingRead] : check.examine(patient.cloud, patient);
    case 'probes':
      return patient.probes === undefined ? [nobodyAsked] : check.examine(patient.probes, patient);
    case 'reports':
      return patient.reports === undefined ? [nothingGathered] : check.examine(patient.reports, patient);
  }
}

/** Hosts of which nothing was gathered, while something was of others. */
function unreported({ looksAt }: Check, { cloud, reports }: Patient): readonly Finding[] {
  if (looksAt !== 'reports' || reports === undefined || cloud === undefined) return [];
  const missing = [...cloud.hosts.keys()].filter((host) => !reports.has(host));
  return missing.length === 0 ? [] : [unknown(missing, 'no facts of these hosts', gather)];
}

const gather = 'run the script of planner facts on the hosts, and give the folder as --host-facts';
const nothingRead = unknown(
  ['cloud'],
  'the cloud was not read',
  'settle what the other checks name, then look again',
);
const nobodyAsked = unknown(['cloud'], 'no live cloud was asked', 'name one with --cloud');
const nothingGathered = unknown(['hosts'], 'no facts of hosts', gather);

/** What is alike at several places is told once; the worst first, else in the order in which it was found. */
function putTogether(findings: readonly Finding[]): readonly Finding[] {
  const alike = groupBy(findings, ({ found, next, state }) => JSON.stringify([state, found, next]));
  return [...alike.values()]
    .flatMap(([first, ...others]): Finding[] => {
      if (first === undefined) return [];
      const places = [first, ...others].flatMap((each) => each.places);
      return [{ ...first, places: [...new Set(places)].toSorted(compareText) }];
    })
    .toSorted((a, b) => checkStates.indexOf(a.state) - checkStates.indexOf(b.state)); // stable
}
