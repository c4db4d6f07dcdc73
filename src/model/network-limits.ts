import type { Cloud } from './cloud.ts';
import type { NetworkLimits } from './network.ts';

/** A cloud in which migrations take no more of the network than the operator gives them. */
export function withNetworkLimits(
  cloud: Cloud,
  { maxInbound, migrationMbps, networkSharePercent }: NetworkLimits,
): Cloud {
  const networkLimits = {
    ...(maxInbound !== undefined && { maxInbound }),
    ...(migrationMbps !== undefined && { migrationMbps }),
    ...(networkSharePercent !== undefined && { networkSharePercent }),
  };
  return Object.keys(networkLimits).length === 0 ? cloud : { ...cloud, networkLimits };
}
