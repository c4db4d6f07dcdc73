import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';
import { nearMatches } from '../../shared/near-matches.ts';
import { showName } from '../../shared/text.ts';
import { type ConfigFiles, readConfigFiles, type Surroundings } from './read-files.ts';
import { overlay, overlayDeeply, type Settings, textAt, toSettings } from './settings.ts';

/** One cloud with everything that files and variables say of it. */
export interface ChosenCloud {
  readonly name: string;
  readonly settings: Settings;
  /** Where the settings stand, for messages. */
  readonly source: string;
}

/**
 * The cloud of this name; without one that of `OS_CLOUD`, else what `OS_*` variables describe, else the only one of
 * `clouds.yaml`. `undefined` where nobody describes a cloud. `OS_REGION_NAME` chooses the region of any.
 *
 * @throws InputError that names the clouds there are, and the files that were looked for.
 */
export function chooseCloud(name: string | undefined, at: Surroundings): ChosenCloud | undefined {
  const files = readConfigFiles(at);
  const clouds = cloudsIn(files);
  const variables = variablesIn(at.env);
  const wanted = name ?? nonEmpty(at.env['OS_CLOUD']);
  if (wanted !== undefined) return named(wanted, clouds, files, at);
  if (variables !== undefined) return { name: 'OS_*', settings: variables, source: 'OS_* variables' };
  const [only, ...others] = Object.keys(clouds);
  return only === undefined || others.length > 0 ? undefined : named(only, clouds, files, at);
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

function cloudsIn({ clouds, secure }: ConfigFiles): Settings {
  const merged = overlayDeeply(toObject(clouds?.value), toObject(secure?.value));
  return toObject(merged['clouds']);
}

/** As `toSettings`, with the names of clouds as they are written. */
const toObject = (value: unknown): Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};

/** Variables that choose among clouds and describe none. */
const selectors = new Set([
  'OS_CLOUD',
  'OS_REGION_NAME',
  'OS_CLIENT_CONFIG_FILE',
  'OS_CLIENT_SECURE_FILE',
  'OS_CLOUD_NAME',
]);
const otherUses = /^OS_(?:TEST|STD|LOG)/;

function variablesIn(env: Surroundings['env']): Settings | undefined {
  const entries = Object.entries(env).filter(
    ([name, value]) => name.startsWith('OS_') && !otherUses.test(name) && value !== undefined,
  );
  if (entries.every(([name]) => selectors.has(name))) return undefined;
  return Object.fromEntries(entries.map(([name, value]) => [name.slice('OS_'.length).toLowerCase(), value]));
}

function named(name: string, clouds: Settings, files: ConfigFiles, { env }: Surroundings): ChosenCloud {
  if (!Object.hasOwn(clouds, name)) throw new InputError([unknownCloud(name, clouds, files)]);
  const source = files.clouds?.path ?? files.secure?.path ?? '';
  const own = toSettings(clouds[name]);
  const profile = textAt(own, 'profile', 'cloud');
  const whole = profile === undefined ? own : overlay(profileOf(profile, files, source), own);
  const settings = withRegion(whole, nonEmpty(env['OS_REGION_NAME']), source);
  return { name, source, settings: withMissingSecrets(settings, env) };
}

function unknownCloud(name: string, clouds: Settings, { clouds: file, searched }: ConfigFiles): Diagnostic {
  const names = Object.keys(clouds);
  const near = nearMatches(name, names);
  const known =
    near.length > 0
      ? `did you mean ${near.map((each) => showName(each)).join(' or ')}?`
      : `it describes ${names.map((each) => showName(each)).join(', ')}`;
  return {
    code: 'cloud.unknown',
    severity: 'error',
    summary: 'no file describes a cloud of this name',
    value: name,
    ...(file !== undefined && { source: file.path }),
    ...(file === undefined && { details: searched.filter((path) => path.endsWith('.yaml')) }),
    hint:
      names.length > 0
        ? known
        : 'write a clouds.yaml to one of these places, or set OS_AUTH_URL and the other OS_* variables',
  };
}

function profileOf(profile: string, { vendors }: ConfigFiles, source: string): Settings {
  const all = toObject(toObject(vendors?.value)['public-clouds']);
  if (Object.hasOwn(all, profile)) return toSettings(all[profile]);
  throw new InputError([
    {
      code: 'cloud.unknown-profile',
      severity: 'error',
      summary: 'the cloud refers to a profile that no clouds-public.yaml describes',
      source,
      value: profile,
      hint: 'profiles that are built into other clients are not known here: write auth_url and regions out',
    },
  ]);
}

/** The settings with those of one region over them: the one that is asked for, else the first. */
function withRegion(settings: Settings, wanted: string | undefined, source: string): Settings {
  const { region_name: listed, regions: own } = settings;
  const list: readonly unknown[] = Array.isArray(own) ? own : Array.isArray(listed) ? listed : [];
  const regions = list.map((each) => {
    const { name, values } = toObject(each);
    return typeof each === 'string' ? { name: each, values: {} } : { name, values: toSettings(values) };
  });
  if (regions.length === 0) return wanted === undefined ? settings : { ...settings, region_name: wanted };
  const chosen = wanted === undefined ? regions[0] : regions.find(({ name }) => name === wanted);
  if (chosen === undefined) {
    throw new InputError([
      {
        code: 'cloud.unknown-region',
        severity: 'error',
        summary: 'the cloud has no region of this name',
        source,
        ...(wanted !== undefined && { value: wanted }),
        limit: `one of ${regions.map(({ name }) => String(name)).join(', ')}`,
      },
    ]);
  }
  return overlay({ ...settings, region_name: chosen.name }, chosen.values);
}

const secretVariables = [
  ['password', 'OS_PASSWORD'],
  ['application_credential_secret', 'OS_APPLICATION_CREDENTIAL_SECRET'],
] as const;

/** Secrets that files leave out on purpose may come in variables. */
function withMissingSecrets(settings: Settings, env: Surroundings['env']): Settings {
  const auth: Record<string, unknown> = { ...toSettings(settings['auth']) };
  for (const [name, variable] of secretVariables) {
    const value = nonEmpty(env[variable]);
    if (value !== undefined && auth[name] === undefined && settings[name] === undefined) auth[name] = value;
  }
  return { ...settings, auth };
}
