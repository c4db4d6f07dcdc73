import { type Asking, saveEach, saveListing } from './asking.ts';

const service = 'placement';

/** Resource providers, with what each has, uses, is able to and shares, and who holds it. */
export async function savePlacement(asking: Asking): Promise<void> {
  const ids: string[] = [];
  await saveListing(
    asking,
    {
      service,
      path: '/resource_providers',
      member: 'resource_providers',
      file: 'api/placement/resource_providers',
      microversion,
      required: true,
    },
    (providers) => {
      for (const { uuid } of providers) if (typeof uuid === 'string') ids.push(uuid);
    },
  );
  for (const part of ['inventories', 'traits', 'aggregates', 'usages', 'allocations']) {
    await saveEach(asking, ids, {
      service,
      what: `${part} of resource providers`,
      microversion,
      path: (id) => `/resource_providers/${id}/${part}`,
      file: (id) => `api/placement/resource_providers/${id}/${part}.json`,
    });
  }
}

/** Parents of providers since 1.14. */
const microversion = { wanted: '1.39', least: '1.14' };
