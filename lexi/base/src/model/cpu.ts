/** A host's CPU as nova-compute reports it (`cpu_info`); features come on top of those of the model. */
export interface HostCpu {
  readonly arch: string;
  readonly model?: string;
  readonly vendor?: string;
  readonly features: ReadonlySet<string>;
}

export type FeaturePolicy = 'require' | 'optional' | 'disable' | 'forbid' | 'force';

/** The CPU that a server was started with (`instance_extra.vcpu_model`). */
export interface GuestCpu {
  readonly mode?: 'custom' | 'host-model' | 'host-passthrough' | 'maximum' | 'none';
  readonly match?: 'exact' | 'minimum' | 'strict';
  /** Absent for host-model and host-passthrough: the source host's CPU counts then. */
  readonly model?: string;
  readonly vendor?: string;
  readonly arch?: string;
  readonly features: readonly { readonly name: string; readonly policy: FeaturePolicy }[];
}
