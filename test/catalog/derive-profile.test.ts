import { describe, expect, it } from 'vitest';
import { loadCatalog } from '../../src/catalog/catalog.ts';
import { contradictions, deriveProfile } from '../../src/catalog/derive-profile.ts';
import type { ReleaseEvidence } from '../../src/model/release.ts';
import { shippedProfile } from '../support/builders.ts';

const catalog = await loadCatalog();
const evidence = (serviceVersions: readonly number[], maxMicroversion?: string): ReleaseEvidence => ({
  serviceVersions,
  ...(maxMicroversion !== undefined && { maxMicroversion }),
});
const derive = (serviceVersions: readonly number[], maxMicroversion?: string) =>
  deriveProfile(evidence(serviceVersions, maxMicroversion), catalog);

describe('the release that a cloud tells of', () => {
  it.each([
    [[30], [17]],
    [[35], [18]],
    [[37], [19]],
    [[40], [20]],
    [[51], [21]],
    [[53], [22]],
    [[56], [23]],
    [[60], [24]],
    [[61], [25]],
    [[64], [26]],
    [[66], [27, 28, 29, 30]],
    [[72], [33]],
    [[90], [33]],
  ])('is told by nova-compute service versions %j: Nova %j', (versions, majors) => {
    expect(derive(versions, '2.60').profile.novaMajors).toEqual(majors);
  });

  it.each([
    ['2.60', [17]],
    ['2.72', [19]],
    ['2.87', [21, 22]],
    ['2.90', [24, 25]],
    ['2.93', [26]],
    ['2.98', [31, 32]],
    ['2.100', [31, 32]],
    ['2.104', [33]],
  ])(
    'is told by the highest microversion %s where service versions are missing: Nova %j',
    (version, majors) => {
      expect(derive([], version).profile.novaMajors).toEqual(majors);
    },
  );

  it('has the name of an upstream profile that says the same, and one of its own else', () => {
    expect(derive([64]).profile).toEqual({
      name: 'zed',
      novaMajors: [26],
      switches: shippedProfile('zed').switches,
    });
    expect(derive([30]).profile.name).toBe('nova-17');
    expect(derive([66]).profile.name).toBe('nova-27-30');
    expect(derive([40, 64]).profile.name).toBe('nova-20.26');
    expect(derive([64]).notes).toEqual([]);
  });

  it('holds the stricter where the releases differ, and says of which switch and which releases', () => {
    const { profile, notes } = derive([], '2.96');

    expect(profile.switches.pinnedChecksFreeSmallPages).toBe(true);
    expect(notes).toEqual([
      {
        code: 'plan.release-ambiguous',
        text: 'highest microversion 2.96 may be Nova 29 and 30: pinnedChecksFreeSmallPages is true on Nova 30 (2024.2), false on Nova 29 (2024.1); the stricter holds (true). Name the release with --release',
      },
    ]);
  });

  it('counts every version while an upgrade is under way', () => {
    const hostsOfVersion = new Map([
      [30, 11],
      [40, 1],
    ]);
    const { profile, notes } = deriveProfile({ serviceVersions: [30, 40], hostsOfVersion }, catalog);

    expect(profile.novaMajors).toEqual([17, 20]);
    expect(profile.switches).toMatchObject({ cellChoice: 'same', numaLiveMigration: 'workaround' });
    expect(profile.switches.microversions).toMatchObject({ live: '2.34', read: '2.60' });
    expect(notes.map(({ text }) => text)).toContain(
      'an upgrade is under way, nova-compute is at service version 30 on 11 hosts (Nova 17 (Queens)), service version 40 on 1 host (Nova 20 (Train)): cellChoice is same on Nova 17 (Queens), nova on Nova 20 (Train); the stricter holds (same) until all hosts are at one release',
    );
  });

  it.each([
    [[], 'the inventory tells neither a nova-compute service version nor the highest microversion'],
    [
      [9, 64],
      'not every release can be told from nova-compute service version 9 and nova-compute service version 64',
    ],
  ])(
    'is none that anybody knows with service versions %j: the strictest of all releases hold',
    (versions, why) => {
      const { profile, notes } = derive(versions);

      expect(profile.name).toBe('nova-17-33');
      expect(profile.switches).toMatchObject({
        cellChoice: 'same',
        pciAliasLive: 'refused',
        emptyForPinned: 'off',
      });
      expect(notes).toEqual([
        {
          code: 'plan.release-unknown',
          text: `${why}: the strictest values of all releases hold, Nova 17 (Queens) to Nova 33 (2026.1). Name the release with --release`,
        },
      ]);
    },
  );
});

describe('a profile that was named', () => {
  it('contradicts each sign of another release', () => {
    expect(contradictions(shippedProfile('zed'), evidence([40, 64]), catalog)).toEqual([
      {
        code: 'plan.release-contradicts',
        text: 'profile zed is of Nova 26 (Zed), but nova-compute service version 40 is of Nova 20 (Train); the profile is used as named',
      },
    ]);
  });

  it('does not contradict what fits it, and strict fits everything', () => {
    expect(contradictions(shippedProfile('rhoso-18'), evidence([66]), catalog)).toEqual([]);
    expect(contradictions(shippedProfile('strict'), evidence([30, 64]), catalog)).toEqual([]);
    expect(contradictions(shippedProfile('rhosp-13'), evidence([]), catalog)).toEqual([]);
  });
});

describe('the profiles that come with the program', () => {
  it('are as strict together as `strict` is alone', () => {
    const strict = new Map<string, unknown>(Object.entries(shippedProfile('strict').switches));

    for (const [name, { strictestFirst }] of Object.entries(catalog.releases.switches)) {
      const values = [...catalog.profiles.values()].map(({ switches }) =>
        new Map<string, unknown>(Object.entries(switches)).get(name),
      );
      const strictest = strictestFirst.find((value) => values.includes(value));
      expect([name, strict.get(name)]).toEqual([name, strictest]);
    }
  });

  it('name only requests that each of their releases knows', () => {
    const ceiling = new Map(catalog.releases.releases.map((one) => [one.major, one.maxMicroversion]));
    const minor = (version: string): number => Number(version.split('.')[1]);

    for (const { novaMajors, switches } of catalog.profiles.values())
      for (const version of Object.values(switches.microversions))
        for (const major of novaMajors)
          expect(minor(version)).toBeLessThanOrEqual(minor(ceiling.get(major) ?? '2.0'));
  });
});
