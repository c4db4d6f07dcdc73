/** What apt-get says where the network or a package is lacking; its exit code is 100 for everything. */
const signs = [
  /Failed to fetch/,
  /Unable to fetch/,
  /Could not resolve/,
  /Could not connect/,
  /Temporary failure resolving/,
  /Unable to locate package/,
  /has no installation candidate/,
  /is not installable/,
  /Can't find a source to download/,
];

/** The first line of apt-get's that says that a package cannot be had; undefined where it failed for another reason. */
export const notToBeHad = (stderr: string): string | undefined =>
  stderr
    .split('\n')
    .map((line) => line.trim())
    .find((line) => signs.some((sign) => sign.test(line)));
