/** Several times the largest cloud that this program is made for: 10,000 hosts and 150,000 servers. */
export const limits = {
  hosts: 50_000,
  servers: 500_000,
  /** Bytes of JSON; the text of an engine cannot be much longer. */
  bytes: 500 * 2 ** 20,
  /** Characters of one XML text of libvirt; the capabilities of a large host are some 100,000. */
  xmlBytes: 32 * 2 ** 20,
  /** An inventory is about ten deep: what goes far beyond was made to crash its reader. */
  depth: 40,
  /** Objects and lists in a document. */
  containers: 20_000_000,
  /** Samples of one metric's file: a day of 5 minutes for some 10,000 series is 3 million. */
  samples: 20_000_000,
  /** Members of the document itself, and of any other object: a table, the names of projects. */
  outermostMembers: 1000,
  members: 1_000_000,
} as const;
