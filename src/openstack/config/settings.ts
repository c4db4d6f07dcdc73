import { z } from 'zod';

/** A value of YAML or of a variable. */
const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** Settings of one cloud as files and variables write them: `-` in names read as `_`. */
export type Settings = Readonly<Record<string, unknown>>;

const AnyObject = z.record(z.string(), z.unknown());

/** The mapping; an empty one for anything else. Dashes in its names become underscores, at every level. */
export function toSettings(value: unknown): Settings {
  const object = AnyObject.safeParse(value).data ?? {};
  return Object.fromEntries(
    Object.entries(object).map(([name, member]) => [
      name.replaceAll('-', '_'),
      AnyObject.safeParse(member).success ? toSettings(member) : member,
    ]),
  );
}

/** The later over the earlier; what stands under `auth` is merged, everything else replaced. */
export const overlay = (under: Settings, over: Settings): Settings => ({
  ...under,
  ...over,
  ...(('auth' in under || 'auth' in over) && {
    auth: { ...toSettings(under['auth']), ...toSettings(over['auth']) },
  }),
});

/** The later over the earlier at every level, as `secure.yaml` lies over `clouds.yaml`. */
export function overlayDeeply(under: Settings, over: Settings): Settings {
  const merged: Record<string, unknown> = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = AnyObject.safeParse(merged[name]).data;
    const above = AnyObject.safeParse(value).data;
    merged[name] = below === undefined || above === undefined ? value : overlayDeeply(below, above);
  }
  return merged;
}

/** A setting as text; `undefined` where it is not there, empty, or no scalar. */
export function textAt(settings: Settings, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = Scalar.safeParse(settings[name]).data;
    if (value !== undefined && value !== null && value !== '') return String(value);
  }
  return undefined;
}

/** Whether a setting says yes; `undefined` where it is not there. */
export function isOn(settings: Settings, name: string): boolean | undefined {
  const text = textAt(settings, name)?.toLowerCase();
  return text === undefined ? undefined : ['true', '1', 'yes', 'on'].includes(text);
}
