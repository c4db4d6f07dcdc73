const plainMember = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The place in a document as people write it: `$.hosts[3].cells`, or `$["odd name"]` where a member is no plain word. */
export function jsonPath(segments: readonly PropertyKey[]): string {
  return `$${segments.map(printSegment).join('')}`;
}

function printSegment(segment: PropertyKey): string {
  if (typeof segment === 'number') return `[${segment}]`;
  const member = String(segment);
  return plainMember.test(member) ? `.${member}` : `[${JSON.stringify(member)}]`;
}
