import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type FakeApi, type FakeRequest, ok, paged } from './fake-api.ts';

const Items = z.array(z.looseObject({ id: z.union([z.string(), z.number()]).optional() }));

/** Answers as the services of a recorded cloud did: the files of its `api/`. */
export function recordedApi(recording: string): FakeApi {
  const api = join(recording, 'api');

  const file = (...path: string[]) => {
    const name = join(api, ...path);
    if (!existsSync(name)) return undefined;
    const value: unknown = JSON.parse(readFileSync(name, 'utf8'));
    return value;
  };

  /** The items of all pages of a listing. */
  const items = (service: string, pattern: RegExp, member: string) =>
    readdirSync(join(api, service))
      .filter((name) => pattern.test(name))
      .sort()
      .flatMap((name) => Items.parse(z.record(z.string(), z.unknown()).parse(file(service, name))[member]));

  const whole = (service: string, ...path: string[]) => {
    const body = file(service, ...path);
    return body === undefined ? undefined : ok(body);
  };

  const lists: ReadonlyMap<string, readonly [service: string, files: RegExp, member: string]> = new Map([
    ['identity /projects', ['keystone', /^projects\.json$/, 'projects']],
    ['compute /os-services', ['nova', /^os-services\.json$/, 'services']],
    ['compute /os-hypervisors/detail', ['nova', /^os-hypervisors-detail-2\.87\.json$/, 'hypervisors']],
    ['compute /servers/detail', ['nova', /^servers-detail-2\.92\.page\d+\.json$/, 'servers']],
    ['compute /flavors/detail', ['nova', /^flavors-detail-2\.90\.json$/, 'flavors']],
    ['compute /os-aggregates', ['nova', /^os-aggregates\.json$/, 'aggregates']],
    ['compute /os-migrations', ['nova', /^os-migrations-2\.80\.json$/, 'migrations']],
    ['image /images', ['glance', /^images\.json$/, 'images']],
    ['placement /resource_providers', ['placement', /^resource_providers\.json$/, 'resource_providers']],
  ]);

  function listing({ path, query, service }: FakeRequest) {
    const found = lists.get(`${service} ${path}`);
    if (found === undefined) return undefined;
    const [folder, files, member] = found;
    const all = items(folder, files, member);
    const status = query.get('status');
    const wanted = status === null ? all : all.filter((item) => item['status'] === status);
    return service === 'placement' ? ok({ [member]: wanted }) : paged(member, wanted, query);
  }

  function groups({ query }: FakeRequest) {
    const all = items('nova', /^os-server-groups-2\.90\.json$/, 'server_groups');
    const offset = Number(query.get('offset') ?? 0);
    return ok({ server_groups: all.slice(offset, offset + Number(query.get('limit') ?? 1000)) });
  }

  return (request) => {
    const { path, service } = request;
    if (path === '/os-server-groups') return groups(request);
    const [, kind = '', id = '', part = ''] = path.split('/');
    if (service === 'compute' && kind === 'servers' && part !== '') {
      if (part === 'migrations')
        return whole('nova', 'servers-migrations', `${id}.json`) ?? ok({ migrations: [] });
      return whole('nova', `servers-${part}`, `${id}.json`);
    }
    if (service === 'placement' && kind === 'resource_providers' && part !== '')
      return whole('placement', kind, id, `${part}.json`);
    return listing(request);
  };
}
