import type { Host } from '../../model/host.ts';
import type { Server } from '../../model/server.ts';
import { type ImageVerdict, matchImage } from '../../nova/image-props.ts';
import { lookup } from '../../nova/lookup.ts';
import { runsFilter } from '../aggregates.ts';
import type { RuleContext } from '../context.ts';
import { homeOf, type Pair, pairRule } from '../pair-rule.ts';
import { type Verdict, yes } from '../rule.ts';

/** What of an image the filter reads, and the older names of the same. */
const read = [
  'hw_architecture',
  'architecture',
  'img_hv_type',
  'hypervisor_type',
  'hw_vm_mode',
  'vm_mode',
  'img_hv_requested_version',
  'hypervisor_version_requires',
] as const;

/**
 * The host runs guests of the architecture, hypervisor type and VM mode that the image names, on a hypervisor of the
 * version that it asks for. Holds where ImagePropertiesFilter is enabled, as it is by default. Where facts are missing,
 * a host like the present one is taken to run what that one runs.
 *
 * Source: scheduler/filters/image_props_filter.py.
 */
export const imageProperties = pairRule({
  id: 'image-properties',
  askedBy: 'scheduler',
  signatureOf: (server, context) =>
    asks(server, context) ? JSON.stringify([askedOf(server), likeness(homeOf(server, context.cloud))]) : '',
  judge(pair, context) {
    const { server, to } = pair;
    if (!asks(server, context)) return yes;
    if (server.imageProperties === undefined) return unknown(pair, context, 'servers[].imageProperties');
    if (to.supportedInstances === undefined) return unknown(pair, context, 'hosts[].supportedInstances');
    const verdict = verdictOf(server.imageProperties, to, context);
    if (verdict.kind === 'yes') return yes;
    const names = Object.entries(askedOf(server) ?? {}).map(([name, value]) => `${name}=${value}`);
    if (verdict.kind === 'error') names.push(`Nova fails with ${verdict.errorClass}`);
    return { kind: 'no', measured: names.length, limit: 0, unit: 'image properties', where: to.id, names };
  },
  describe: ({ where, names }) =>
    `host ${where} does not run what the image asks for: ${(names ?? []).join(', ')}`,
});

/** Images that name nothing fit everywhere, unless a default architecture stands in for them. */
const asks = (server: Server, { cloud }: RuleContext): boolean =>
  runsFilter(cloud, 'ImagePropertiesFilter') &&
  (server.imageProperties === undefined ||
    cloud.config.imageDefaultArchitecture.value !== undefined ||
    Object.keys(askedOf(server) ?? {}).length > 0);

function askedOf({ imageProperties: properties }: Server): Readonly<Record<string, string>> | undefined {
  if (properties === undefined) return undefined;
  return Object.fromEntries(
    read.flatMap((name) => {
      const value = lookup(properties, name);
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

const verdicts = new WeakMap<object, WeakMap<Host, ImageVerdict>>();

/** Servers of one image share its properties, and every judgement of a plan asks. */
function verdictOf(
  properties: Readonly<Record<string, string>>,
  to: Host,
  { cloud }: RuleContext,
): ImageVerdict {
  const known = verdicts.get(properties) ?? new WeakMap<Host, ImageVerdict>();
  verdicts.set(properties, known);
  const made =
    known.get(to) ??
    matchImage(
      properties,
      { supportedInstances: to.supportedInstances ?? [], hypervisorVersion: to.hypervisorVersion },
      cloud.config.imageDefaultArchitecture.value,
    );
  known.set(to, made);
  return made;
}

/** By what a host is taken to run the same guests as another. */
const likeness = (host: Host | undefined): string | undefined =>
  host?.cpu === undefined || host.hypervisorType === undefined
    ? undefined
    : `${host.cpu.arch} ${host.hypervisorType}`;

/** Compared with the host that the server is on today, whatever stop-over it is on. */
function unknown({ server, to }: Pair, { cloud }: RuleContext, missing: string): Verdict {
  const alike = likeness(to) !== undefined && likeness(homeOf(server, cloud)) === likeness(to);
  return {
    kind: 'unknown',
    missing: [missing],
    safe: alike ? 'yes' : 'no',
    assumption:
      'what some images ask for, or some hosts run, is not known: servers go to hosts of the same architecture and hypervisor type',
  };
}
