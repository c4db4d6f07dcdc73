import { describe, expect, it } from 'vitest';
import { notToBeHad } from './apt-answer.ts';

describe('an apt-get that failed', () => {
  it.each([
    [
      'Err:1 x\nE: Failed to fetch http://deb/a.deb  Could not connect to deb:80',
      'E: Failed to fetch http://deb/a.deb  Could not connect to deb:80',
    ],
    [
      'E: Unable to fetch some archives, maybe run apt-get update?',
      'E: Unable to fetch some archives, maybe run apt-get update?',
    ],
    ['W: x\nE: Unable to locate package nova-common', 'E: Unable to locate package nova-common'],
    [
      "E: Package 'uwsgi-core' has no installation candidate",
      "E: Package 'uwsgi-core' has no installation candidate",
    ],
    [' x : Depends: y but it is not installable', 'x : Depends: y but it is not installable'],
    [
      "E: Can't find a source to download version '1' of 'x:amd64'",
      "E: Can't find a source to download version '1' of 'x:amd64'",
    ],
  ])('lacks the network or a package: %j', (stderr, line) => {
    expect(notToBeHad(stderr)).toBe(line);
  });

  it.each([
    "E: You don't have enough free space in /var/cache/apt/archives/.",
    'E: Sub-process /usr/bin/dpkg returned an error code (1)',
    'E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 7',
    '',
  ])('failed for another reason: %j', (stderr) => {
    expect(notToBeHad(stderr)).toBeUndefined();
  });
});
