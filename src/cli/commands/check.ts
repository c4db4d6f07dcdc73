import { surviveHostLoss } from '../../constraints/rules/survive-host-loss.ts';
import { leftOutNotices } from '../../constraints/evacuation/left-out.ts';
import type { Notice } from '../../constraints/warning-rule.ts';
import { warningRules } from '../../replay/warnings/registry.ts';
import type { Cloud } from '../../model/cloud.ts';
import type { ServerId } from '../../model/ids.ts';
import { timedBy } from '../../planning/timing-assumptions.ts';
import { calibrationOf } from '../../replay/transfer/calibration.ts';
import { createState } from '../../replay/state.ts';
import {
  type CheckResult,
  checkReport,
  type ViolationInWords,
  type WarningInWords,
} from '../../report/check-report.ts';
import type { AddCommand } from '../command.ts';
import type { CliContext } from '../context.ts';
import { exitCodes } from '../exit-codes.ts';
import { addSourceOptions, type SourceFlags } from '../inventory-source.ts';
import { printResult } from '../output.ts';
import { rulesHelp } from '../judging-flags.ts';
import { readContext } from '../read-context.ts';
import { releaseHelp } from '../release.ts';

interface Flags extends SourceFlags {
  readonly release?: string;
  readonly rules?: string;
  readonly surviveHostLoss?: true;
  readonly json?: true;
}

/** `planner check`: the rules that the cloud breaks as it is. */
export const addCheck: AddCommand = (program, context, finish) => {
  const command = program.command('check').description('list the rules that the cloud breaks as it is');
  addSourceOptions(command, 'the cloud to check')
    .option('--release <profile>', releaseHelp)
    .option('--rules <file>', rulesHelp)
    .option('--survive-host-loss', 'also say which hosts could not be evacuated if they were lost')
    .option('--json', 'the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  planner check
  planner check --rules rules.json
  planner check --survive-host-loss
  planner check --inventory cloud.json.gz --json | jq '.violations[].text'

The exit code is 1 when a rule is violated.`,
    )
    .action((flags: Flags) =>
      finish(async () => {
        const result = await check(flags, context);
        printResult(context, flags.json, result, (value) =>
          checkReport(value, context.width, context.paint.out),
        );
        return result.violations.length === 0 ? exitCodes.done : exitCodes.no;
      }),
    );
};

async function check(flags: Flags, cli: CliContext): Promise<CheckResult> {
  const judged = await readContext({ ...flags, allow: [], unknown: 'assume' }, cli);
  const { context } = judged;
  const survives = flags.surviveHostLoss === true;
  const rules = survives ? [...judged.rules, surviveHostLoss()] : judged.rules;
  const { cloud, profile } = context;
  const state = createState(context);
  const violations = rules.flatMap((rule) =>
    rule.audit(state).map((violation): ViolationInWords => {
      const { measured, limit, unit, where, host } = violation;
      const servers = named(violation.servers, cloud);
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
  const { whole } = calibrationOf(cloud);
  return {
    ...(whole !== undefined && { timing: timedBy(whole) }),
    profile: profile.name,
    hosts: cloud.hosts.size,
    servers: cloud.servers.size,
    rulesChecked: rules.length,
    violations,
    warnings: [
      ...warningRules.flatMap(({ id, onState }) => (onState?.(state) ?? []).map(inWords(id, cloud))),
      ...(survives ? leftOutNotices(context) : []).map(inWords(surviveHostLoss().id, cloud)),
    ],
  };
}

const inWords =
  (id: string, cloud: Cloud) =>
  ({ text, host, servers }: Notice): WarningInWords => ({
    id,
    text,
    servers: named(servers, cloud),
    ...(host !== undefined && { host }),
  });

const named = (servers: readonly ServerId[], cloud: Cloud): WarningInWords['servers'] =>
  servers.map((id) => ({ id, name: cloud.servers.get(id)?.name ?? '' }));
