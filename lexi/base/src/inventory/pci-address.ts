/** A PCI address in numbers: devices of one domain are in order of `index`. */
export interface PciPlace {
  readonly domain: number;
  /** Bus, slot and function as one number. */
  readonly index: number;
}

/** The place of `domain:bus:slot.function`, whose parts are hexadecimal. */
export function placeOf(address: string): PciPlace {
  const [domain = 0, bus = 0, slot = 0, part = 0] = address
    .split(/[:.]/)
    .map((digits) => Number.parseInt(digits, 16));
  return { domain, index: (bus * 32 + slot) * 8 + part };
}

/** The address that is `steps` after another: function, then slot, then bus. */
export function addressAt(address: string, steps: number): string {
  const [domain = '0000'] = address.split(':');
  const index = placeOf(address).index + steps;
  const slot = Math.floor(index / 8) % 32;
  const bus = Math.floor(index / 256);
  return `${domain}:${hex(bus)}:${hex(slot)}.${(index % 8).toString(16)}`;
}

const hex = (number: number): string => number.toString(16).padStart(2, '0');
