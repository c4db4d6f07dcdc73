import { type Check, ok, problem, warning } from '../check.ts';

/** Keystone, Nova and Placement answer; the others that the catalog lists, too. */
export const reachable: Check = {
  id: 'services-answer',
  looksAt: 'probes',
  needed: 'Keystone, Nova and Placement answer; Neutron, Cinder and Glance where the catalog lists them',
  why: 'an inventory is made of their answers, and a run asks Nova all the time',
  fine: 'all answer',
  examine: ({ services }) =>
    services.map(({ called, hint, outcome, required, said = 'no answer' }) => {
      if (outcome === 'answers') return ok([called], 'answers');
      if (outcome === 'absent' && !required) return ok([called], 'is not in the catalog, and not needed');
      const found = outcome === 'absent' ? 'is not in the catalog of this region and interface' : said;
      const next = hint ?? 'check region_name and interface of the cloud in clouds.yaml, and the service';
      return required ? problem([called], found, next) : warning([called], found, next);
    }),
};
