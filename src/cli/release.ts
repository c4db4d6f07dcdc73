import type { Catalog } from '../catalog/catalog.ts';
import {
  type ChosenProfile,
  contradictions,
  deriveProfile,
  type ReleaseNote,
} from '../catalog/derive-profile.ts';
import type { Profile } from '../model/profile.ts';
import type { ReleaseEvidence } from '../model/release.ts';
import type { CliContext } from './context.ts';
import type { FlagReader } from './flag-reader.ts';
import { tell } from './tell.ts';

export const releaseHelp = "the profile of the cloud's release, where the inventory does not tell it rightly";

/** The profile that `--release` names; undefined when it is not given, or wrong, which stands in the reader. */
export function readRelease(
  name: string | undefined,
  catalog: Catalog,
  read: FlagReader,
): Profile | undefined {
  const found = read.choice('--release', name, [...catalog.profiles.keys()]);
  return found === undefined ? undefined : catalog.profiles.get(found);
}

/** The profile that was named, or the one that the cloud tells of, and what is doubtful about it. */
export function chooseProfile(
  named: Profile | undefined,
  evidence: ReleaseEvidence,
  catalog: Catalog,
): ChosenProfile {
  if (named === undefined) return deriveProfile(evidence, catalog);
  return { profile: named, notes: contradictions(named, evidence, catalog) };
}

/** Says on standard error what is doubtful. */
export function showNotes(notes: readonly ReleaseNote[], context: CliContext): void {
  for (const { code, text } of notes)
    context.err(`${tell({ code, severity: 'warning', summary: text }, context)}\n`);
}
