import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { openBundle } from '../../src/inventory/bundle-files.ts';
import { readHostFacts } from '../../src/inventory/host-facts/readers.ts';
import { factsPlaybook, factsScript } from '../../src/report/facts-script.ts';

const recorded = resolve('fixtures/zed-12hosts-more/host-facts');

/** A virsh that answers with what was recorded of a host, and refuses anything but reading. */
const virsh = (folder: string): string => `#!/bin/sh
[ "$1" = -r ] || exit 9
shift
cd '${folder}' || exit 9
case "$*" in
  capabilities) cat virsh-capabilities.xml ;;
  version) cat virsh-version.txt ;;
  'list --all') cat virsh-list-all.txt ;;
  'list --all --name') awk '{ print $2 }' virsh-list-all-uuid-name.txt ;;
  'nodedev-list --cap pci') cat virsh-nodedev-list-pci.txt ;;
  'dumpxml '*) cat "domains/$2/dumpxml.xml" ;;
  'nodedev-dumpxml '*) cat "nodedev/$2.xml" ;;
  *) exit 9 ;;
esac
`;

/** Runs the script for a recorded host; returns the folder into which its archive was unpacked. */
function gathered(host: string): string {
  const work = mkdtempSync(join(tmpdir(), 'planner-facts-'));
  onTestFinished(() => {
    rmSync(work, { recursive: true });
  });
  const folder = join(work, 'host-facts');
  mkdirSync(folder);
  writeFileSync(join(work, 'virsh'), virsh(join(recorded, host)), { mode: 0o755 });
  const conf = readFileSync(join(recorded, host, 'nova.conf-excerpt.ini'), 'utf8');
  const secret =
    '\n[DEFAULT]\ntransport_url = rabbit://nova:hidden-word@mq\n  hidden-word\n[keystone_authtoken]\npassword=hidden-word\n';
  writeFileSync(join(work, 'nova.conf'), conf + secret);
  const { status, stdout } = spawnSync('sh', ['-s'], {
    input: factsScript(),
    env: { PATH: `${work}:${process.env['PATH'] ?? ''}`, NOVA_CONF: join(work, 'nova.conf') },
  });
  expect(status).toBe(0);
  expect(stdout.includes('hidden-word')).toBe(false);
  expect(spawnSync('tar', ['-x', '-C', folder], { input: stdout }).status).toBe(0);
  return work;
}

it.each(['kvm-a04', 'kvm-b03'])('gathers of host %s what was recorded of it by hand', (host) => {
  const folder = gathered(host);
  expect(readdirSync(join(folder, 'host-facts'))).toEqual([host]);

  const facts = readHostFacts(openBundle(folder));
  const byHand = readHostFacts(openBundle(resolve('fixtures/zed-12hosts-more')));

  for (const { domains, hosts, source } of facts) {
    const other = byHand.find((each) => each.source === source);
    for (const [id, own] of hosts ?? [])
      if (source !== 'host-facts:nova-conf') expect(own).toEqual(other?.hosts?.get(id));
    for (const [id, own] of domains ?? []) expect(own).toEqual(other?.domains?.get(id));
  }
  expect(
    facts.flatMap(({ hosts }) => [...(hosts?.values() ?? [])]).some(({ cells }) => cells !== undefined),
  ).toBe(true);
});

it('stands in the playbook as it is', () => {
  const [play] = parse(factsPlaybook()) as [{ tasks: { 'ansible.builtin.shell'?: { cmd: string } }[] }];
  const shell = play.tasks.find((task) => task['ansible.builtin.shell'] !== undefined);

  expect(shell?.['ansible.builtin.shell']?.cmd).toContain(factsScript().trimEnd());
});
