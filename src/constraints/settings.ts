import type { Cloud } from '../model/cloud.ts';
import type { Host } from '../model/host.ts';
import type { CloudConfig } from '../model/nova-config.ts';

/** A setting of nova.conf as a host has it, else as the cloud has it, with whether it was read. */
export const settingWithSource = <Name extends keyof CloudConfig>(
  host: Host | undefined,
  cloud: Cloud,
  name: Name,
): CloudConfig[Name] => host?.config?.[name] ?? cloud.config[name];

/** Its value alone. */
export const settingOf = <Name extends keyof CloudConfig>(
  host: Host | undefined,
  cloud: Cloud,
  name: Name,
): CloudConfig[Name]['value'] => settingWithSource(host, cloud, name).value;
