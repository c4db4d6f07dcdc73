import type { Host } from '../../model/host.ts';
import type { HostReport, HostReports, SshFacts } from '../../model/host-report.ts';
import { firstOf } from '../../shared/text.ts';
import { type Check, type Finding, problem, unknown, type Patient } from '../check.ts';

/** The user of nova-compute logs in to every other host. */
export const ssh: Check = {
  id: 'ssh-between-hosts',
  looksAt: 'reports',
  needed:
    'the user that runs nova-compute logs in from every host to every other without a password, its host key known by my_ip',
  why: 'cold migrations and resizes copy disks, and make the folder at the destination, by SSH; config drives go the same way (nova/virt/libvirt/driver.py, migrate_disk_and_power_off)',
  fine: 'keys and known hosts fit, as far as they tell; nobody logged in to try',
  examine: (reports, patient) => [...reports.values()].flatMap((from) => ofSource(from, reports, patient)),
};

function ofSource(from: HostReport, reports: HostReports, { cloud }: Patient): readonly Finding[] {
  const { host, ssh: own } = from;
  if (own === undefined)
    return [unknown([host], 'keys were not recorded', 'gather again with planner facts, as root')];
  if (own.offers.length === 0)
    return [
      problem([host], 'the user of nova-compute has no key', 'make one, and let it log in to all hosts'),
    ];
  const others = [...reports.values()].filter((other) => other.host !== host);
  const closed = others.filter((other) => other.ssh !== undefined && !accepts(other.ssh, own));
  const strange = others.map((other) => ({
    to: other.host,
    known: knows(own, other, cloud?.hosts.get(other.host)),
  }));
  const names = (state: string): string =>
    firstOf(strange.filter(({ known }) => known === state).map(({ to }) => to));
  return [
    ...(closed.length === 0
      ? []
      : [
          problem(
            [host],
            `its key is not accepted by ${firstOf(closed.map((other) => other.host))}`,
            'add the public key to authorized_keys of that user there',
          ),
        ]),
    ...(names('no') === ''
      ? []
      : [
          problem(
            [host],
            `does not know the host key of ${names('no')} by its address`,
            'add it to known_hosts under my_ip, as ssh-keyscan gives it',
          ),
        ]),
    ...(names('hashed') === ''
      ? []
      : [
          unknown(
            [host],
            `names in known_hosts are hashed: not seen whether ${names('hashed')} are there`,
            'on the host: ssh-keygen -F ADDRESS',
          ),
        ]),
  ];
}

const accepts = (there: SshFacts, from: SshFacts): boolean =>
  from.offers.some((key) => there.accepts.includes(key));

/** Nova connects to `my_ip`; only where nobody told that one the name is enough. */
function knows(own: SshFacts, to: HostReport, host: Host | undefined): 'yes' | 'no' | 'hashed' {
  if (!own.checksHostKeys) return 'yes';
  const address = to.options.get('DEFAULT.my_ip') ?? host?.hostIp;
  const wanted = address === undefined ? [to.host, host?.nodeName ?? to.host] : [address];
  const found = own.knows.some((entry) =>
    wanted.some((name) => entry === name || entry.startsWith(`[${name}]:`)),
  );
  const pattern = own.knows.some((entry) => entry.startsWith('@cert-authority') || entry.includes('*'));
  if (found || pattern) return 'yes';
  return own.hashed > 0 ? 'hashed' : 'no';
}
