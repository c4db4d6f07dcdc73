import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { password } from './keystone.ts';
import type { FakeOpenStack } from './start.ts';

export interface CloudsFileOptions {
  /** How clouds are called there; `fake` by default. */
  readonly names?: readonly string[];
  /** What each entry says besides where and who. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The password in a `secure.yaml` of its own. */
  readonly secure?: boolean;
}

/** Writes a `clouds.yaml` that leads to a fake cloud, as its administrator, into a folder. */
export function writeCloudsFile(
  folder: string,
  { authUrl }: Pick<FakeOpenStack, 'authUrl'>,
  { names = ['fake'], settings = {}, secure = false }: CloudsFileOptions = {},
): void {
  const auth = {
    auth_url: authUrl,
    username: 'planner',
    user_domain_name: 'Default',
    project_name: 'admin',
    project_domain_name: 'Default',
  };
  const write = (file: string, entry: object) => {
    const clouds = Object.fromEntries(names.map((name) => [name, entry]));
    // JSON is YAML.
    writeFileSync(join(folder, file), JSON.stringify({ clouds }));
  };
  const where = { region_name: 'RegionOne', ...settings };
  write('clouds.yaml', { ...where, auth: secure ? auth : { ...auth, password } });
  if (secure) write('secure.yaml', { auth: { password } });
}
