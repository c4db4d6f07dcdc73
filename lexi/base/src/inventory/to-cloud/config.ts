import type { CloudConfig, Setting } from '../../model/nova-config.ts';
import { assumedConfig } from '../default-config.ts';
import type { NovaConfigRecord } from '../document/nova-config.ts';
import { mapIf, present } from '../present.ts';

/** The settings that a record has. */
export function toSettings({
  defaultAvailabilityZone,
  imageDefaultArchitecture,
  imageIsolationPrefix,
  ...others
}: NovaConfigRecord): Partial<CloudConfig> {
  return present({
    ...others,
    defaultAvailabilityZone: mapIf(defaultAvailabilityZone, withValue),
    imageDefaultArchitecture: mapIf(imageDefaultArchitecture, withValue),
    imageIsolationPrefix: mapIf(imageIsolationPrefix, withValue),
  });
}

/** All settings of a cloud: those that nobody told are assumed. */
export const toCloudConfig = (record: NovaConfigRecord): CloudConfig => ({
  ...assumedConfig,
  ...toSettings(record),
});

const withValue = ({
  known,
  value,
}: {
  readonly value?: string;
  readonly known: boolean;
}): Setting<string | undefined> => ({ value, known });
