import { loadCatalog } from '../../catalog/catalog.ts';
import { createContext } from '../../constraints/create-context.ts';
import { operatorRules } from '../../constraints/operator/operator-rules.ts';
import { rules } from '../../constraints/registry.ts';
import { createState } from '../../replay/state.ts';
import { type CheckResult, checkReport, type ViolationInWords } from '../../report/check-report.ts';
import { type Diagnostic, formatDiagnostic, InputError } from '../../shared/diagnostic.ts';
import type { AddCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { createFlagReader } from '../flag-reader.ts';
import { checkRules, loadCloud, loadRules } from '../load.ts';
import { printResult } from '../output.ts';

interface Flags {
  readonly inventory: string;
  readonly release: string;
  readonly rules?: string;
  readonly json?: true;
}

/** `planner check`: the rules that the cloud breaks as it is. */
export const addCheck: AddCommand = (program, context, finish) => {
  program
    .command('check')
    .description('list the rules that the cloud breaks as it is')
    .option('--inventory <file>', 'the cloud to check', 'inventory.json')
    .option('--release <profile>', "the profile of the cloud's release", 'zed')
    .option('--rules <file>', 'rules of your own, besides those of Nova')
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  planner check
  planner check --rules rules.json
  planner check --inventory cloud.json.gz --json | jq '.violations[].text'

The exit code is 1 when a rule is violated.`,
    )
    .action((flags: Flags) =>
      finish(async () => {
        const { result, warnings } = await check(flags);
        for (const warning of warnings) context.err(`${formatDiagnostic(warning)}\n`);
        printResult(context, flags.json, result, (value) => checkReport(value, context.width));
        return result.violations.length === 0 ? exitCodes.done : exitCodes.no;
      }),
    );
};

async function check({
  inventory,
  release,
  rules: file,
}: Flags): Promise<{ result: CheckResult; warnings: readonly Diagnostic[] }> {
  const catalog = await loadCatalog();
  const read = createFlagReader();
  const name = read.choice('--release', release, [...catalog.profiles.keys()]);
  const profile = name === undefined ? undefined : catalog.profiles.get(name);
  if (profile === undefined) throw new InputError(read.problems);
  const { cloud } = loadCloud(inventory);
  const own = file === undefined ? undefined : await loadRules(file);
  const warnings = own === undefined || file === undefined ? [] : checkRules(own, cloud, file);
  const all = [...rules, ...operatorRules(own, cloud).rules];
  const state = createState(
    createContext(cloud, profile, catalog.cpuTable, { allow: [], unknown: 'assume' }),
  );
  const violations = all.flatMap((rule) =>
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
  const result: CheckResult = {
    profile: profile.name,
    hosts: cloud.hosts.size,
    servers: cloud.servers.size,
    rulesChecked: all.length,
    violations,
  };
  return { result, warnings };
}
