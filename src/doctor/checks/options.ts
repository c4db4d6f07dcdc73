import type { HostReport } from '../../model/host-report.ts';

/** The value of an option; `default` where it is not set, `undefined` where nobody told. */
export function optionOf({ options, tellsAll }: HostReport, name: string, usual: string): string | undefined {
  return options.get(name) ?? (tellsAll ? usual : undefined);
}

/** `[libvirt] cpu_mode` of `libvirt.cpu_mode`. */
export function optionName(name: string): string {
  const [section = '', option = ''] = name.split('.');
  return `[${section}] ${option}`;
}

/** What oslo.config takes for yes. */
export const isTrue = (value: string): boolean => /^(?:true|t|1|yes|y|on)$/i.test(value);

/** What to do where a fact of hosts is missing. */
export const again = 'gather again with planner facts';
