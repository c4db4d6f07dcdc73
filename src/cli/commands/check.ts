import { loadCatalog } from '../../catalog/catalog.ts';
import { createContext } from '../../constraints/create-context.ts';
import { rules } from '../../constraints/registry.ts';
import { createState } from '../../replay/state.ts';
import { type CheckResult, checkReport, type ViolationInWords } from '../../report/check-report.ts';
import { InputError } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { createFlagReader } from '../flag-reader.ts';
import { loadCloud } from '../load.ts';
import { printResult } from '../output.ts';
import { chooseProfile, readRelease, releaseHelp, showNotes } from '../release.ts';

interface Flags {
  readonly inventory: string;
  readonly release?: string;
  readonly json?: true;
}

/** `planner check`: the rules that the cloud breaks as it is. */
export const addCheck: AddCommand = (program, context, finish) => {
  program
    .command('check')
    .description('list the rules that the cloud breaks as it is')
    .option('--inventory <file>', 'the cloud to check', 'inventory.json')
    .option('--release <profile>', releaseHelp)
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  planner check
  planner check --inventory cloud.json.gz --json | jq '.violations[].text'

The exit code is 1 when a rule is violated.`,
    )
    .action((flags: Flags) =>
      finish(async () => {
        const result = await check(flags, context);
        printResult(context, flags.json, result, (value) => checkReport(value, context.width));
        return result.violations.length === 0 ? exitCodes.done : exitCodes.no;
      }),
    );
};

async function check({ inventory, release }: Flags, context: CliContext): Promise<CheckResult> {
  const catalog = await loadCatalog();
  const read = createFlagReader();
  const named = readRelease(release, catalog, read);
  if (read.problems.length > 0) throw new InputError(read.problems);
  const { cloud } = loadCloud(inventory);
  const { profile, notes } = chooseProfile(named, cloud.release, catalog);
  showNotes(notes, context);
  const state = createState(
    createContext(cloud, profile, catalog.cpuTable, { allow: [], unknown: 'assume' }),
  );
  const violations = rules.flatMap((rule) =>
    rule.audit(state).map((violation): ViolationInWords => {
      const { measured, limit, unit, where, host } = violation;
      const servers = violation.servers.map((id) => ({ id, name: cloud.servers.get(id)?.name ?? '' }));
      const text = rule.describe(violation);
      return {
        rule: rule.id,
        text,
        measured,
        limit,
        unit,
        where,
        servers,
        ...(host !== undefined && { host }),
      };
    }),
  );
  return {
    profile: profile.name,
    hosts: cloud.hosts.size,
    servers: cloud.servers.size,
    rulesChecked: rules.length,
    violations,
  };
}
