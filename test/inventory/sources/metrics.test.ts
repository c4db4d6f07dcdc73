import { describe, expect, it } from 'vitest';
import { importBundle } from '../../../src/inventory/bundle.ts';
import { recordingOf } from '../support/all-sources.ts';
import { bundleOf, cloudOf, hostNamed, oneHost, problemsOf, serverNamed } from '../support/bundles.ts';

const matrix = (...result: readonly unknown[]) => ({
  status: 'success',
  data: { resultType: 'matrix', result },
});
const series = (metric: Readonly<Record<string, string>>, values: readonly string[]) => ({
  metric,
  values: values.map((value, at) => [1_795_131_000 + 300 * at, value]),
});
const cpuOf = (...values: readonly string[]) => ({
  ...oneHost,
  'metrics/host-cpu-percent.json': matrix(series({ instance: 'h1:9100' }, values)),
});

describe('metrics', () => {
  it('are the 95th percentile of what was measured', () => {
    const values = Array.from({ length: 100 }, (_, at) => String(at + 1));

    expect(hostNamed(cloudOf(bundleOf(cpuOf(...values))), 'h1').usage).toEqual({ cpuPercent: 95 });
  });

  it('leave out what is no number, and holes', () => {
    expect(hostNamed(cloudOf(bundleOf(cpuOf('NaN', '10', '+Inf', '20'))), 'h1').usage).toEqual({
      cpuPercent: 20,
    });
  });

  it('of a time that is none are refused, with what may stand there', () => {
    const at = (time: number) => ({
      ...oneHost,
      'metrics/host-cpu-percent.json': matrix({ metric: { instance: 'h1' }, values: [[time, '5']] }),
    });

    expect(problemsOf(() => importBundle(bundleOf(at(1e18))))).toMatchObject([
      {
        source: 'metrics/host-cpu-percent.json',
        path: '$.data.result[0].values[0][0]',
        value: 1e18,
        limit: 253_402_300_799,
      },
    ]);
    expect(problemsOf(() => importBundle(bundleOf(at(-1))))).toHaveLength(1);
  });

  it('are unknown where every sample is no number', () => {
    expect(hostNamed(cloudOf(bundleOf(cpuOf('NaN', 'NaN'))), 'h1').usage).toBeUndefined();
  });

  it('count the last day alone', () => {
    const day = 24 * 12;
    const values = [...Array.from({ length: 50 }, () => '99'), ...Array.from({ length: day }, () => '5')];

    expect(hostNamed(cloudOf(bundleOf(cpuOf(...values))), 'h1').usage).toEqual({ cpuPercent: 5 });
  });

  it('find hosts by node name and by address, and the speed of their links', () => {
    const cloud = cloudOf(recordingOf(['api', 'metrics']));

    const { nics, usage } = hostNamed(cloud, 'kvm-a01');
    expect(nics).toEqual([{ name: 'bond0', bandwidthMbps: 10_000 }]);
    expect(usage?.networkMbps).toBeGreaterThan(5000);
    expect([...cloud.hosts.values()].filter((host) => host.usage === undefined)).toEqual([]);
  });

  it('find servers by the name of their guest; stopped ones have none', () => {
    const cloud = cloudOf(recordingOf(['api', 'metrics']));

    expect(serverNamed(cloud, 'ml-train-1').usage?.cpuPercent).toBeGreaterThan(60);
    for (const name of ['dpi-4', 'fin-batch-1', 'mail-1']) {
      expect(serverNamed(cloud, name)).not.toHaveProperty('usage');
      expect(serverNamed(cloud, name)).not.toHaveProperty('dirtyRateMiBps');
    }
    const running = [...cloud.servers.values()].filter(({ usage }) => usage !== undefined);
    expect(running.filter(({ dirtyRateMiBps }) => dirtyRateMiBps === undefined).length).toBeGreaterThan(15);
    for (const { flavor, usage } of running) {
      expect(usage?.memoryUsedMiB ?? 0).toBeLessThanOrEqual(flavor.memoryMiB);
    }
  });

  it('join the two series of a server that moved', () => {
    const meta = {
      status: 'success',
      data: {
        resultType: 'vector',
        result: [
          {
            metric: { domain: 'instance-1', uuid: 's1', instance: '10.0.0.1:9177' },
            value: [1_795_131_000, '1'],
          },
          {
            metric: { domain: 'instance-1', uuid: 's2', instance: '10.0.0.9:9177' },
            value: [1_795_131_000, '1'],
          },
        ],
      },
    };
    const folder = bundleOf({
      ...oneHost,
      'api/nova/servers-detail.json': { servers: ['s1', 's2'].map(server) },
      'metrics/domain-info-meta.json': meta,
      'metrics/vm-dirty-rate.json': matrix(
        series({ domain: 'instance-1', instance: '10.0.0.1:9177' }, ['1', '2']),
        series({ domain: 'instance-1', instance: '10.0.0.9:9177' }, ['7', '7']),
      ),
    });

    const cloud = cloudOf(folder);

    expect([serverNamed(cloud, 's1').dirtyRateMiBps, serverNamed(cloud, 's2').dirtyRateMiBps]).toEqual([
      2, 7,
    ]);
  });

  it('tell what a migration of a server has to copy', () => {
    const domain = { domain: 'instance-1', instance: '10.0.0.1:9177' };
    const folder = bundleOf({
      ...oneHost,
      'api/nova/servers-detail.json': { servers: [server('s1')] },
      'metrics/domain-info-meta.json': matrix(series({ ...domain, uuid: 's1' }, ['1', '1'])),
      'metrics/vm-working-set-bytes.json': matrix(series(domain, ['1048576', '2097152'])),
      'metrics/vm-memory-rss-bytes.json': matrix(series(domain, ['1073741824', '1073741824'])),
      'metrics/vm-disk-write-bytes.json': matrix(
        series({ ...domain, target_device: 'vda' }, ['5242880', '5242880']),
        series({ ...domain, target_device: 'vdb' }, ['1048576', '1048576']),
      ),
    });

    expect(serverNamed(cloudOf(folder), 's1')).toMatchObject({
      workingSetMiB: 2,
      residentMemoryMiB: 1024,
      diskWriteMiBps: 6,
    });
  });

  it('that failed or may not be whole are named as missing', () => {
    const { report } = importBundle(
      bundleOf({
        ...cpuOf('1'),
        'metrics/vm-cpu-percent.json': { status: 'error', errorType: 'bad_data', error: 'parse error' },
        'metrics/vm-dirty-rate.json': { ...matrix(), warnings: ['remote read timed out'] },
      }),
    );

    expect(report.gaps.map(({ code }) => code)).toEqual(['bundle.failed-query', 'bundle.query-warning']);
  });

  it('of another shape are refused with their place', () => {
    const [problem] = problemsOf(() =>
      importBundle(
        bundleOf({
          ...oneHost,
          'metrics/host-cpu-percent.json': matrix(series({}, []), { metric: {}, values: [[1]] }),
        }),
      ),
    );

    expect(problem?.source).toBe('metrics/host-cpu-percent.json');
    expect(problem?.path).toContain('$.data.result[1].values[0]');
  });
});

const server = (id: string) => ({
  id,
  name: id,
  status: 'ACTIVE',
  tenant_id: 'p',
  'OS-EXT-SRV-ATTR:host': 'h1',
  'OS-EXT-STS:vm_state': 'active',
  'OS-EXT-STS:power_state': 1,
  image: '',
  flavor: { vcpus: 1, ram: 1024, disk: 1, ephemeral: 0, swap: 0, original_name: 'f', extra_specs: {} },
});
