import type { ConfirmStep, MigrationStep, Plan, Step } from '../plan/plan.ts';
import { escapeControls } from '../shared/text.ts';
import { isMigration } from './step-words.ts';
import { shellQuote } from './words.ts';

/**
 * Which clients go with a release:
 *
 * - `queens`: `openstack` up to 3.x knows no destination but `--live`, which forces it; `nova` has the rest.
 * - `train`: `openstack` 4 and 5 migrate to a named host; `nova` evacuates and lists migrations, `server resize --confirm`
 *   confirms.
 * - `current`: `openstack` 5.5 and later does all of it, and `--live` is gone.
 */
export type Client = 'queens' | 'train' | 'current';

/** The client of the plan's release, by what its Nova can be asked. */
export function clientOf({ basedOn: { release } }: Plan): Client {
  const read = minorOf(release.switches.microversions.read);
  if (read < firstMinor.train) return 'queens';
  return read < firstMinor.current ? 'train' : 'current';
}

/** Of what Nova offers since: topologies of servers (Train), and what came with Ussuri. */
const firstMinor = { train: 78, current: 80 } as const;

/** Nova's limit for the reason of a disabled service. */
const longestReason = 255;

/** What is written as the reason of a host that the plan disables; names the plan. */
export const disableReason = (plan: Plan, step: Extract<Step, { readonly host: string }>): string =>
  Array.from(
    escapeControls(
      `planner plan ${plan.id}: ${('disabledReason' in step ? step.disabledReason : undefined) ?? step.reason}`,
    ),
  )
    .slice(0, longestReason)
    .join('');

/** How a step is asked for. */
export interface ClientCommand {
  readonly program: 'openstack' | 'nova';
  /** After the program: the microversion first. */
  readonly words: readonly string[];
}

/** The command that requests a step, in words; undefined for a wait, and where the client cannot say it. */
export function commandOf(
  step: Step,
  plan: Plan,
  client: Client = clientOf(plan),
): ClientCommand | undefined {
  if (isMigration(step)) return migrationCommand(step, client);
  switch (step.kind) {
    case 'confirm':
      return openstack(step.microversion, confirmWords(client), step.server);
    case 'stop':
    case 'start':
      return openstack(step.microversion, ['server', step.kind], step.server);
    case 'disable-service':
    case 'enable-service': {
      const how =
        step.kind === 'disable-service'
          ? ['--disable', `--disable-reason=${disableReason(plan, step)}`]
          : ['--enable'];
      return openstack(
        serviceVersion(step.microversion, client),
        ['compute', 'service', 'set', ...how],
        step.host,
        'nova-compute',
      );
    }
    case 'wait':
      return undefined;
  }
}

/** The command that requests a step, quoted for a shell; empty where there is none. */
export function commandText(step: Step, plan: Plan, client: Client): string {
  const command = commandOf(step, plan, client);
  return command === undefined ? '' : [command.program, ...command.words].map(wordOf).join(' ');
}

/** Quoted where a shell would read anything else in it. */
const wordOf = (text: string): string => (/^[\w.,:/@%+=-]+$/.test(text) ? text : shellQuote(text));

/** Clients of the time name services by host, which Nova takes below 2.53 only. */
export const serviceVersion = (microversion: string, client: Client): string =>
  client === 'current' ? microversion : '2.11';

const confirmWords = (client: Client): readonly string[] =>
  client === 'current' ? ['server', 'migrate', 'confirm'] : ['server', 'resize', '--confirm'];

/** The command that takes a cold migration back while it waits for its confirmation, quoted for a shell. */
export function revertText(server: string, plan: Plan): string {
  const words = clientOf(plan) === 'current' ? 'server migrate revert' : 'server resize --revert';
  return `openstack ${words} -- ${wordOf(server)}`;
}

/** Below these a destination is not sent, or forced. */
const leastMinor = { live: 30, cold: 56, evacuate: 29 } as const;
/** From here on nobody can be forced. */
const forcedUntil = 68;
/** The last that `server migrate --live` can speak. */
export const liveVersion = '2.24';

function migrationCommand(step: MigrationStep, client: Client): ClientCommand | undefined {
  const { forced, kind, microversion, server, to } = step;
  const minor = minorOf(microversion);
  if (forced) return forcedCommand(step, minor, client);
  if (minor < leastMinor[kind]) return undefined;
  if (kind === 'evacuate') {
    return client === 'current'
      ? openstack(microversion, ['server', 'evacuate', `--host=${to}`], server)
      : nova(microversion, ['evacuate'], server, to);
  }
  if (client === 'queens') {
    return kind === 'live'
      ? nova(microversion, ['live-migration'], server, to)
      : nova(microversion, ['migrate', `--host=${to}`], server);
  }
  const live = kind === 'live' ? ['--live-migration'] : [];
  return openstack(microversion, ['server', 'migrate', ...live, `--host=${to}`], server);
}

/** Past the scheduler; `--live` of the clients of the time does that, as it is below 2.30. */
function forcedCommand(
  { kind, microversion, server, storage, to }: MigrationStep,
  minor: number,
  client: Client,
): ClientCommand | undefined {
  if (kind !== 'live' || client === 'current' || minor >= forcedUntil) return undefined;
  if (client === 'train') return nova(microversion, ['live-migration', '--force'], server, to);
  const how = storage === 'block' ? '--block-migration' : '--shared-migration';
  return openstack(liveVersion, ['server', 'migrate', `--live=${to}`, how], server);
}

const openstack = (version: string, words: readonly string[], ...operands: string[]): ClientCommand =>
  command('openstack', version, words, operands);
const nova = (version: string, words: readonly string[], ...operands: string[]): ClientCommand =>
  command('nova', version, words, operands);

/** Whatever a name looks like, it is no option. */
const command = (
  program: ClientCommand['program'],
  version: string,
  words: readonly string[],
  operands: readonly string[],
): ClientCommand => ({ program, words: ['--os-compute-api-version', version, ...words, '--', ...operands] });

const minorOf = (microversion: string): number => Number(microversion.split('.')[1]);

/** The migration that a confirm step confirms. */
export const confirmed = (step: ConfirmStep, { steps }: Plan): MigrationStep | undefined =>
  steps.filter(isMigration).find(({ id }) => id === step.of);

/** Hosts to which later steps bring the server: on one of them, it is past this step. */
export function laterHosts(server: string, later: readonly Step[], ...but: readonly string[]): string[] {
  const hosts = later.filter(isMigration).filter((step) => step.server === server);
  return [...new Set(hosts.map((step) => step.to))].filter((host) => !but.includes(host));
}

/** Whether the guide of the release has its CPUs recorded before and compared after: no API tells them. */
export const recordsPlacement = (step: MigrationStep, client: Client): boolean =>
  client === 'queens' && step.kind === 'live' && step.predicted.cells.length > 0;

/** How long a migration may take before nobody waits for it any more, in seconds. */
export const waitSeconds = (step: MigrationStep): number => Math.ceil(step.predicted.seconds.high * 3) + 600;
