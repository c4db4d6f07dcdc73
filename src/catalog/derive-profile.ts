import type { Profile, Switches } from '../model/profile.ts';
import type { ReleaseEvidence } from '../model/release.ts';
import { canonicalJson } from '../shared/canonical-json.ts';
import type { Catalog } from './catalog.ts';
import { compareMicroversions, type NovaRelease, type ReleaseTable } from './release-table.ts';
import { differences, resolveSwitches } from './resolve-profile.ts';

/** Something about the release that the operator should know; it stands in the plan. */
export interface ReleaseNote {
  readonly code: `plan.${string}`;
  readonly text: string;
}

export interface ChosenProfile {
  readonly profile: Profile;
  readonly notes: readonly ReleaseNote[];
}

type Shelf = Pick<Catalog, 'profiles' | 'releases'>;

/**
 * The profile of every Nova release that fits what a cloud tells: its nova-compute service versions where they are
 * known, else its highest microversion. Where the releases differ the stricter holds, and a note says so. What a
 * vendor asks for cannot be seen from there, so that is upstream's profile.
 */
export function deriveProfile(evidence: ReleaseEvidence, shelf: Shelf): ChosenProfile {
  const { releases: table } = shelf;
  const signs = signsOf(evidence, table);
  const unknown = signs.length === 0 || signs.some((sign) => sign.majors.length === 0);
  const majors = unknown ? table.releases.map(({ major }) => major) : majorsOf(signs);
  const switches = resolveSwitches(table, majors);
  const profile = { name: nameOf(majors, switches, shelf), novaMajors: majors, switches };
  if (unknown) return { profile, notes: [unknownRelease(evidence, table)] };
  const notes = differences(table, majors).map(({ name, values, holds }): ReleaseNote => {
    const list = values.map(({ value, majors: of }) => `${value} on ${releaseNames(of, table)}`).join(', ');
    if (isMixed(signs)) {
      const versions = signs.map((sign) => versionInWords(sign, evidence, table)).join(', ');
      const text = `an upgrade is under way, nova-compute is at ${versions}: ${name} is ${list}; the stricter holds (${holds}) until all hosts are at one release`;
      return { code: 'plan.release-mixed', text };
    }
    const told = signs.map(({ what }) => what).join(' and ');
    const text = `${told} may be ${releaseNames(majors, table)}: ${name} is ${list}; the stricter holds (${holds}). Name the release with --release`;
    return { code: 'plan.release-ambiguous', text };
  });
  return { profile, notes };
}

/** Hosts of different releases: no one release is that of the cloud. */
const isMixed = (signs: readonly Sign[]): boolean =>
  new Set(signs.map(({ majors }) => majors.join())).size > 1;

/** `service version 64 on 11 hosts, Nova 26 (Zed)`. */
function versionInWords(
  { version = 0, majors }: Sign,
  { hostsOfVersion }: ReleaseEvidence,
  table: ReleaseTable,
): string {
  const hosts = hostsOfVersion?.get(version);
  const on = hosts === undefined ? '' : ` on ${hosts} ${hosts === 1 ? 'host' : 'hosts'}`;
  return `service version ${version}${on} (${releaseNames(majors, table)})`;
}

/** Whether a profile that somebody named can be that of a cloud; a note for each sign against it. */
export function contradictions(
  profile: Profile,
  evidence: ReleaseEvidence,
  { releases: table }: Pick<Catalog, 'releases'>,
): readonly ReleaseNote[] {
  return signsOf(evidence, table)
    .filter(({ majors }) => !majors.some((major) => profile.novaMajors.includes(major)))
    .map(({ what, majors }) => {
      const speaks = majors.length === 0 ? 'no release that planner knows' : releaseNames(majors, table);
      const text = `profile ${profile.name} is of ${releaseNames(profile.novaMajors, table)}, but ${what} is of ${speaks}; the profile is used as named`;
      return { code: 'plan.release-contradicts', text };
    });
}

/** One fact that tells the release, and the majors that it fits. */
interface Sign {
  readonly what: string;
  /** The service version, where it is one. */
  readonly version?: number;
  readonly majors: readonly number[];
}

function signsOf(
  { maxMicroversion, serviceVersions }: ReleaseEvidence,
  table: ReleaseTable,
): readonly Sign[] {
  if (serviceVersions.length > 0)
    return serviceVersions.map((version) => ({
      what: `nova-compute service version ${version}`,
      version,
      majors: majorsOfServices(version, table.releases),
    }));
  if (maxMicroversion === undefined) return [];
  const what = `highest microversion ${maxMicroversion}`;
  return [{ what, majors: majorsOfMicroversion(maxMicroversion, table.releases) }];
}

const majorsOf = (signs: readonly Sign[]): readonly number[] =>
  [...new Set(signs.flatMap(({ majors }) => majors))].toSorted((a, b) => a - b);

/** What is newer than every release that is known counts as the newest. */
function majorsOfServices(version: number, releases: readonly NovaRelease[]): readonly number[] {
  const last = releases.at(-1);
  if (last !== undefined && version > last.serviceVersions[1]) return [last.major];
  return releases
    .filter(({ serviceVersions: [from, to] }) => from <= version && version <= to)
    .map(({ major }) => major);
}

/** Between two releases it is the development of the later. */
function majorsOfMicroversion(version: string, releases: readonly NovaRelease[]): readonly number[] {
  const [oldest] = releases;
  if (oldest !== undefined && compareMicroversions(version, oldest.maxMicroversion) < 0) return [];
  const ceiling = (
    releases.find((release) => compareMicroversions(version, release.maxMicroversion) <= 0) ?? releases.at(-1)
  )?.maxMicroversion;
  return releases.filter(({ maxMicroversion }) => maxMicroversion === ceiling).map(({ major }) => major);
}

/** The name of upstream's own profile where it says the same, else one made of the majors. */
function nameOf(majors: readonly number[], switches: Switches, { profiles }: Shelf): string {
  const said = canonicalJson([majors, switches]);
  const same = [...profiles.values()].find(
    (profile) =>
      profile.vendor === undefined && canonicalJson([profile.novaMajors, profile.switches]) === said,
  );
  if (same !== undefined) return same.name;
  const [from = 0] = majors;
  const to = majors.at(-1) ?? from;
  if (from === to) return `nova-${from}`;
  return to - from + 1 === majors.length ? `nova-${from}-${to}` : `nova-${majors.join('.')}`;
}

function unknownRelease(
  { maxMicroversion, serviceVersions }: ReleaseEvidence,
  table: ReleaseTable,
): ReleaseNote {
  const told = [
    ...serviceVersions.map((version) => `nova-compute service version ${version}`),
    ...(maxMicroversion === undefined ? [] : [`highest microversion ${maxMicroversion}`]),
  ];
  const why =
    told.length === 0
      ? 'the inventory tells neither a nova-compute service version nor the highest microversion'
      : `not every release can be told from ${told.join(' and ')}`;
  const from = table.releases[0];
  const to = table.releases.at(-1);
  const text = `${why}: the strictest values of all releases hold, ${showRelease(from)} to ${showRelease(to)}. Name the release with --release`;
  return { code: 'plan.release-unknown', text };
}

const showRelease = (release: NovaRelease | undefined): string =>
  release === undefined ? '' : `Nova ${release.major} (${release.name})`;

/** `Nova 27 (2023.1)`, `Nova 27, 28 and 29`. */
function releaseNames(majors: readonly number[], { releases }: ReleaseTable): string {
  const [only] = majors;
  if (majors.length === 1) return showRelease(releases.find(({ major }) => major === only));
  return `Nova ${majors.slice(0, -1).join(', ')} and ${majors.at(-1) ?? ''}`;
}
