import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openBundle } from '../../src/inventory/bundle-files.ts';
import { readHostReports } from '../../src/inventory/host-facts/host-reports.ts';

/** A recording with these files in `host-facts/`. */
function recorded(files: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'planner-reports-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  for (const [name, content] of Object.entries(files)) {
    const file = join(folder, 'host-facts', name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return openBundle(folder);
}

it('reads how a host is set up, and no password', () => {
  const reports = readHostReports(
    recorded({
      'kvm-1/planner-facts.txt': '2\n',
      'kvm-1/nova.conf':
        '[DEFAULT]\nhost = kvm-1.example\nmy_ip = 10.0.0.1\ntransport_url = rabbit://hidden\n[service_user]\nsend_service_user_token = true\npassword = hidden\n',
      'kvm-1/lscpu-p.txt': '# CPU,Core,Socket,Node\n0,0,0,0\n1,1,0,0\n2,0,0,0\n',
      'kvm-1/versions.txt': 'kernel 6.1.0-18-amd64\nnova-compute 2:26.2.2-1\n',
      'kvm-1/clock.txt': 'synchronized no\n',
      'kvm-1/ssh.txt':
        'offers SHA256:a\naccepts SHA256:a\naccepts SHA256:b\nknows [10.0.0.2]:2022\nhashed 4\nchecks-host-keys no\n',
      'ctl-1/nova.conf': '[filter_scheduler]\nenabled_filters = ComputeFilter\n',
    }),
  );

  expect([...(reports?.values() ?? [])]).toEqual([
    {
      host: 'kvm-1.example',
      options: new Map([
        ['DEFAULT.my_ip', '10.0.0.1'],
        ['service_user.send_service_user_token', 'true'],
      ]),
      tellsAll: true,
      cpus: [0, 1, 2],
      cores: [[0, 2]],
      versions: new Map([
        ['kernel', '6.1.0-18-amd64'],
        ['nova-compute', '2:26.2.2-1'],
      ]),
      clockIsSynchronized: false,
      ssh: {
        offers: ['SHA256:a'],
        accepts: ['SHA256:a', 'SHA256:b'],
        knows: ['[10.0.0.2]:2022'],
        hashed: 4,
        checksHostKeys: false,
      },
    },
  ]);
});

it('does not take what an excerpt leaves out for unset', () => {
  const reports = readHostReports(
    recorded({ 'kvm-1/nova.conf-excerpt.ini': '[DEFAULT]\nmy_ip = 10.0.0.1\n[libvirt]\n' }),
  );

  expect([...(reports?.values() ?? [])]).toEqual([
    {
      host: 'kvm-1',
      options: new Map([['DEFAULT.my_ip', '10.0.0.1']]),
      tellsAll: false,
      versions: new Map(),
    },
  ]);
});
