/** The services that are asked, by the name of their project's API. */
export type Service = 'identity' | 'compute' | 'placement' | 'image' | 'network' | 'block-storage';

export interface ServiceFacts {
  /** The types under which catalogs list it, the preferred one first. */
  readonly types: readonly string[];
  /** What follows the endpoint where a catalog leaves the version out. */
  readonly version: string | undefined;
  /** Its name in the header `OpenStack-API-Version`; absent where it has no microversions. */
  readonly microversions?: string;
  /** What people call it. */
  readonly called: string;
}

/** As the service types authority lists them. */
export const services: Readonly<Record<Service, ServiceFacts>> = {
  identity: { types: ['identity'], version: 'v3', called: 'Keystone' },
  compute: { types: ['compute'], version: 'v2.1', microversions: 'compute', called: 'Nova' },
  placement: { types: ['placement'], version: undefined, microversions: 'placement', called: 'Placement' },
  image: { types: ['image'], version: 'v2', called: 'Glance' },
  network: { types: ['network'], version: 'v2.0', called: 'Neutron' },
  'block-storage': {
    types: ['block-storage', 'volumev3', 'volume', 'block-store', 'volumev2'],
    version: 'v3',
    microversions: 'volume',
    called: 'Cinder',
  },
};
