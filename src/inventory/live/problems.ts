import type { OpenStackError } from '../../openstack/openstack-error.ts';
import type { Diagnostic } from '../../shared/diagnostic.ts';

/** A call that failed as a problem of the cloud: what was asked, what was said, what to do. */
export function problemOf(error: OpenStackError, cloud: string): Diagnostic {
  const { hint, kind, policy, requestId } = error;
  return {
    code: kind === 'forbidden' ? 'cloud.forbidden' : `cloud.${kind}`,
    severity: 'error',
    summary: error.message,
    source: `cloud ${cloud}`,
    ...(policy !== undefined && { value: policy }),
    ...(requestId !== undefined && { details: [`request ${requestId} in the service's log`] }),
    ...(hint !== undefined && { hint }),
  };
}
