import type { Credentials, Interface } from '../credentials.ts';
import { type Service, services } from '../services.ts';
import type { CatalogEntry, Token } from './token.ts';

/** Where a service answers, without a slash at the end; `undefined` where the catalog does not list it. */
export function endpointOf(service: Service, credentials: Credentials, token: Token): string | undefined {
  const override = credentials.endpoints[service];
  if (override !== undefined) return versioned(service, override, token.projectId);
  const listed = listedFor(service, credentials, token.catalog);
  return listed === undefined ? undefined : versioned(service, listed.url, token.projectId);
}

/** The regions in which the catalog lists a service, for an error to name. */
export const regionsOf = (service: Service, { catalog }: Token): string[] => [
  ...new Set(
    catalog.flatMap(({ region, type }) =>
      services[service].types.includes(type) && region !== undefined ? [region] : [],
    ),
  ),
];

function listedFor(
  service: Service,
  { interface: usual, interfaces, region }: Credentials,
  catalog: readonly CatalogEntry[],
): CatalogEntry | undefined {
  const wanted: Interface = interfaces[service] ?? usual;
  const fitting = catalog.filter(
    (entry) => entry.interface === wanted && (region === undefined || entry.region === region),
  );
  for (const type of services[service].types) {
    const found = fitting.find((entry) => entry.type === type);
    if (found !== undefined) return found;
  }
  return undefined;
}

const withVersion = /\/v\d+(?:\.\d+)?(?:\/|$)/;

/** Catalogs list some services with their version and project, some without. */
function versioned(service: Service, url: string, projectId: string | undefined): string {
  const { version } = services[service];
  const filled = url.replace(/[$%]\((?:tenant|project)_id\)s/g, projectId ?? '').replace(/\/+$/, '');
  if (version === undefined) return filled;
  const bare = service === 'identity' ? filled.replace(/\/v2\.0$/, '') : filled;
  const full = withVersion.test(new URL(bare).pathname) ? bare : `${bare}/${version}`;
  return service === 'block-storage' && projectId !== undefined && /\/v\d+(?:\.\d+)?$/.test(full)
    ? `${full}/${projectId}`
    : full;
}

/** The document that tells the microversions: the endpoint without a project. */
export const versionDocumentOf = (endpoint: string): string =>
  `${endpoint.replace(/(\/v\d+(?:\.\d+)?)\/.*$/, '$1')}/`;
