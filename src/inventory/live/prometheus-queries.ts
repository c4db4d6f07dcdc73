import { z } from 'zod';
import { InputError } from '../../shared/diagnostic.ts';
import { inventoryIssues } from '../inventory-issues.ts';
import { parseJson } from '../json-text.ts';

/** What `metrics/` holds, and how it is asked for. */
export interface MetricQuery {
  readonly query: string;
  /** The last day in steps; else the newest sample alone. */
  readonly range: boolean;
}

/** Of physical interfaces: those of servers, bridges and tunnels would count twice. */
const nic =
  'device!~"lo|bond.*|br.*|docker.*|genev.*|ovs.*|q[bgrv].*|tap.*|team.*|tun.*|veth.*|virbr.*|vnet.*|vxlan.*"';

/**
 * Queries for the exporters that most clouds run: node_exporter, and a libvirt exporter with
 * `libvirt_domain_info_meta`. A name is that of the file in `metrics/`.
 */
export const usualQueries: ReadonlyMap<string, MetricQuery> = new Map([
  [
    'host-cpu-percent',
    { range: true, query: '100 - 100 * avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m]))' },
  ],
  [
    'host-memory-used-bytes',
    { range: true, query: 'node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes' },
  ],
  ['host-nic-receive-bytes', { range: true, query: `rate(node_network_receive_bytes_total{${nic}}[5m])` }],
  ['host-nic-transmit-bytes', { range: true, query: `rate(node_network_transmit_bytes_total{${nic}}[5m])` }],
  ['host-nic-speed', { range: false, query: `node_network_speed_bytes{${nic}}` }],
  [
    'vm-cpu-percent',
    {
      range: true,
      query:
        '100 * rate(libvirt_domain_info_cpu_time_seconds_total[5m]) / on (domain, instance) libvirt_domain_info_virtual_cpus',
    },
  ],
  ['vm-memory-used-percent', { range: true, query: 'libvirt_domain_memory_stats_used_percent' }],
  ['vm-memory-rss-bytes', { range: true, query: 'libvirt_domain_memory_stats_rss_bytes' }],
  ['vm-disk-write-bytes', { range: true, query: 'rate(libvirt_domain_block_stats_write_bytes_total[5m])' }],
  ['vm-dirty-rate', { range: true, query: 'libvirt_domain_dirtyrate_megabytes_per_second' }],
  ['vm-working-set-bytes', { range: true, query: '' }],
  ['domain-info-meta', { range: false, query: 'libvirt_domain_info_meta' }],
]);

const Names = z.enum([...usualQueries.keys()]);
const Queries = z.partialRecord(Names, z.string());

/**
 * The usual queries with those of a file in their places: an object of queries by name. An empty one is not asked.
 *
 * @throws InputError with every name that is not known.
 */
export function readQueries(text: string, file: string): ReadonlyMap<string, MetricQuery> {
  const value = parseJson(text, file);
  const parsed = Queries.safeParse(value);
  if (!parsed.success)
    throw new InputError(inventoryIssues(parsed.error.issues, { source: file, path: [], input: value }));
  const own = new Map<string, string | undefined>(Object.entries(parsed.data));
  return new Map(
    [...usualQueries].map(([name, usual]) => [name, { ...usual, query: own.get(name) ?? usual.query }]),
  );
}
