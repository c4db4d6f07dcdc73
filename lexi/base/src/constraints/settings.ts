import type { Cloud } from '../model/cloud.ts';
import type { Host } from '../model/host.ts';
import type { CloudConfig } from '../model/nova-config.ts';

/** A setting of nova.conf as a host has it, else as the cloud has it. */
export const settingOf = <Name extends keyof CloudConfig>(
  host: Host | undefined,
  cloud: Cloud,
  name: Name,
): CloudConfig[Name]['value'] => (host?.config?.[name] ?? cloud.config[name]).value;
