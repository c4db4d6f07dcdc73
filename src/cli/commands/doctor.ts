import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { loadCatalog } from '../../catalog/catalog.ts';
import type { Patient } from '../../doctor/check.ts';
import { examine } from '../../doctor/examine.ts';
import { importBundle } from '../../inventory/bundle.ts';
import { openBundle } from '../../inventory/bundle-files.ts';
import type { Inventory } from '../../inventory/document.ts';
import { readHostReports } from '../../inventory/host-facts/host-reports.ts';
import { readInventory } from '../../inventory/inventory-file.ts';
import { probeCloud } from '../../inventory/live/probe-cloud.ts';
import { toCloud } from '../../inventory/to-cloud.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { HostReports } from '../../model/host-report.ts';
import type { CloudProbes } from '../../model/probes.ts';
import { openCloud } from '../../openstack/open-cloud.ts';
import { doctorReport, type DoctorResult } from '../../report/doctor-report.ts';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { createFlagReader } from '../flag-reader.ts';
import { importCloud } from '../import-cloud.ts';
import { orProblems } from '../or-problems.ts';
import { printResult } from '../output.ts';
import { chooseProfile, readRelease, releaseHelp, showNotes } from '../release.ts';
import { tell } from '../tell.ts';

interface Flags {
  readonly cloud?: string;
  readonly inventory?: string;
  readonly hostFacts?: string;
  readonly release?: string;
  readonly quiet?: true;
  readonly json?: true;
}

/** `planner doctor`: what about a cloud and its hosts will make migrations fail. */
export const addDoctor: AddCommand = (program, context, finish) => {
  program
    .command('doctor')
    .description('look for what makes migrations fail: permissions, services, settings, leftovers; read only')
    .argument('[recording]', 'a folder as of import --from')
    .option('--cloud <name>', 'the cloud of clouds.yaml to ask; else the one of OS_CLOUD')
    .option('--inventory <file>', 'an inventory instead: what only a live cloud tells stays unknown')
    .option('--host-facts <folder>', 'what the script of planner facts gathered, one folder a host')
    .option('--release <profile>', releaseHelp)
    .option('--quiet', 'no progress')
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      `
Each check says what was found and where, what is needed, why, and what to do next: ok, warning, problem, or unknown
where nobody told. Nothing is changed: what a user may change is told from the roles, not tried.

Examples:
  planner doctor --cloud mycloud --host-facts host-facts
  planner doctor --inventory cloud.json.gz
  planner doctor recorded-cloud --json | jq '.checks[] | select(.state == "problem")'

The exit code is 1 when there is a problem.`,
    )
    .action((recording: string | undefined, flags: Flags) =>
      finish(async () => {
        const result = await doctor(recording, flags, context);
        printResult(context, flags.json, result, (value) =>
          doctorReport(value, context.width, context.paint.out),
        );
        return result.checks.some(({ state }) => state === 'problem') ? exitCodes.no : exitCodes.done;
      }),
    );
};

async function doctor(recording: string | undefined, flags: Flags, cli: CliContext): Promise<DoctorResult> {
  const read = createFlagReader();
  const catalog = await loadCatalog();
  const named = readRelease(flags.release, catalog, read);
  const given = [recording, flags.inventory, flags.cloud].filter((each) => each !== undefined);
  if (given.length > 1)
    read.refuse(
      '[recording]',
      given.join(' '),
      'there is one cloud to look at',
      'name a recording, --inventory or --cloud',
    );
  if (flags.hostFacts !== undefined && !existsSync(flags.hostFacts))
    read.refuse('--host-facts', flags.hostFacts, 'there is no such folder');
  if (recording !== undefined && !existsSync(recording))
    read.refuse('[recording]', recording, 'there is no such folder');
  if (read.problems.length > 0) throw new InputError(read.problems);
  const { cloud, looked, migrationsUnread, probes, reports } = await factsOf(recording, flags, cli);
  const evidence = cloud?.release ?? evidenceOf(probes);
  const { notes, profile } = chooseProfile(named, evidence, catalog);
  showNotes(notes, cli);
  const patient: Patient = {
    profile,
    cpuTable: catalog.cpuTable,
    ...(cloud !== undefined && { cloud }),
    ...(migrationsUnread === true && { migrationsUnread }),
    ...(probes !== undefined && { probes }),
    ...(reports !== undefined && { reports }),
  };
  return { profile: profile.name, looked, checks: examine(patient) };
}

interface Looked extends Pick<Patient, 'cloud' | 'migrationsUnread'> {
  readonly looked: string;
  readonly probes?: CloudProbes;
  readonly reports?: HostReports;
}

async function factsOf(recording: string | undefined, flags: Flags, cli: CliContext): Promise<Looked> {
  const { hostFacts, inventory } = flags;
  const folders = new Map(hostFacts === undefined ? [] : [['host-facts', hostFacts]]);
  const reports = readHostReports(openBundle(recording ?? '', folders));
  const gathered = reports === undefined ? {} : { reports };
  if (recording !== undefined) {
    const { inventory: read } = importBundle(recording, { folders });
    return { looked: basename(recording), ...seenIn(read), ...gathered };
  }
  const { OS_CLOUD: usual = '' } = cli.surroundings.env;
  const name = flags.cloud ?? (usual === '' ? undefined : usual);
  if (inventory !== undefined || (name === undefined && existsSync(usualFile)))
    return { looked: inventory ?? usualFile, ...seenIn(readInventory(inventory ?? usualFile)), ...gathered };
  return { ...(await ask(name, flags, cli)), ...gathered };
}

const seenIn = (inventory: Inventory): Pick<Looked, 'cloud' | 'migrationsUnread'> => ({
  cloud: toCloud(inventory),
  ...(inventory.migrations === undefined && { migrationsUnread: true }),
});

const usualFile = 'inventory.json';

/** A live cloud: first whether it answers, then all that an import reads. */
async function ask(name: string | undefined, { hostFacts, quiet }: Flags, cli: CliContext): Promise<Looked> {
  const { surroundings } = cli;
  const session = openCloud({ surroundings, ...(name !== undefined && { name }) });
  try {
    const probes = await probeCloud(session);
    const problems: Diagnostic[] = [];
    const required = probes.services.filter((each) => each.required);
    const imported = required.every(({ outcome }) => outcome === 'answers')
      ? await orProblems(
          () =>
            importCloud(
              {
                quiet: quiet === true,
                ...(name !== undefined && { cloud: name }),
                ...(hostFacts !== undefined && { hostFacts }),
              },
              cli,
            ),
          problems,
        )
      : undefined;
    for (const each of problems) cli.err(`${tell({ ...each, severity: 'warning' }, cli)}\n`);
    return {
      looked: `cloud ${session.name}`,
      probes,
      ...(imported !== undefined && seenIn(imported.inventory)),
    };
  } finally {
    session.close();
  }
}

/** What Nova itself told of its release. */
const evidenceOf = (probes: CloudProbes | undefined): Cloud['release'] => {
  const max = probes?.services.find(({ called }) => called === 'Nova')?.microversions?.max;
  return { serviceVersions: [], ...(max !== undefined && { maxMicroversion: max }) };
};
