import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, YAMLError } from 'yaml';
import { type Diagnostic, InputError } from '../../shared/diagnostic.ts';

/** What of the process decides where clouds are described. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly homeDirectory: string;
}

export interface ConfigFile {
  readonly path: string;
  readonly value: unknown;
}

export interface ConfigFiles {
  readonly clouds: ConfigFile | undefined;
  /** Secrets, laid over the clouds. */
  readonly secure: ConfigFile | undefined;
  /** Profiles that clouds refer to. */
  readonly vendors: ConfigFile | undefined;
  /** Where `clouds.yaml` was looked for. */
  readonly searched: readonly string[];
}

/**
 * The files that every OpenStack client reads: `clouds`, `secure` and `clouds-public`, each the first that is there
 * and may be read, as .yaml, .yml or .json, in the working directory, the user's configuration and the machine's.
 * `OS_CLIENT_CONFIG_FILE` and `OS_CLIENT_SECURE_FILE` come first (openstacksdk, `config/loader.py`).
 *
 * @throws InputError for a file that is no YAML or JSON; what is in it is never quoted.
 */
export function readConfigFiles(at: Surroundings): ConfigFiles {
  const { env } = at;
  const paths = (name: string, first: string | undefined): string[] => [
    ...(first === undefined || first === '' ? [] : [first]),
    ...directories(at).flatMap((directory) => suffixes.map((suffix) => join(directory, name + suffix))),
  ];
  const searched = paths('clouds', env['OS_CLIENT_CONFIG_FILE']);
  return {
    clouds: firstOf(searched),
    secure: firstOf(paths('secure', env['OS_CLIENT_SECURE_FILE'])),
    vendors: firstOf(paths('clouds-public', undefined)),
    searched,
  };
}

const suffixes = ['.yaml', '.yml', '.json'];

function directories({ env, homeDirectory, workingDirectory }: Surroundings): string[] {
  const { SNAP_REAL_HOME: snapHome, XDG_CONFIG_DIRS: machine, XDG_CONFIG_HOME: user } = env;
  return [
    workingDirectory,
    ...(user === undefined || user === '' ? [] : [join(user, 'openstack')]),
    join(snapHome ?? homeDirectory, '.config', 'openstack'),
    ...(machine === undefined || machine === '' ? '/etc/xdg' : machine)
      .split(':')
      .map((directory) => join(directory, 'openstack')),
    '/etc/openstack',
  ];
}

function firstOf(paths: readonly string[]): ConfigFile | undefined {
  for (const path of paths) {
    const text = textOf(path);
    if (text !== undefined) return { path, value: valueOf(path, text) };
  }
  return undefined;
}

const passedOver = new Set(['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR']);

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (passedOver.has(code)) return undefined;
    throw error;
  }
}

function valueOf(path: string, text: string): unknown {
  try {
    // JSON is YAML too; merge keys are YAML 1.1, which every other client reads
    const value: unknown = parse(text, { prettyErrors: false, merge: true });
    return value;
  } catch (error) {
    throw new InputError([notYaml(path, text, error)]);
  }
}

/** With the line, and without the words of the parser: it quotes what stands there, which may be a password. */
function notYaml(path: string, text: string, error: unknown): Diagnostic {
  const [offset] = error instanceof YAMLError ? error.pos : [];
  const line = offset === undefined ? undefined : text.slice(0, offset).split('\n').length;
  return {
    code: 'cloud.not-yaml',
    severity: 'error',
    summary: `${line === undefined ? 'the file' : `line ${line}`} is not YAML`,
    source: path,
    hint: 'look for a tab, a missing quote or a line that is indented wrongly',
  };
}
