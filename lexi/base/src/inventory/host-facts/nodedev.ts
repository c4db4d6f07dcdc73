import type { PciDevice } from '../../model/pci.ts';
import { mapIf, present } from '../present.ts';
import { childAt, childrenOf, type XmlReader } from '../xml-reader.ts';
import type { XmlElement } from '../xml-text.ts';
import { pciAddress } from './domain.ts';

/** A device as libvirt shows it: nobody has it, as far as it tells. */
export type HardwareDevice = Omit<PciDevice, 'status' | 'server' | 'requestId' | 'tags'>;

/** `virsh nodedev-dumpxml` of a PCI device; `undefined` for a device of another kind. */
export function readNodeDevice(root: XmlElement, read: XmlReader): HardwareDevice | undefined {
  if (root.name !== 'device') read.refuse(root, 'this is no output of virsh nodedev-dumpxml');
  const pci = childrenOf(root, 'capability').find((each) => each.attributes.get('type') === 'pci');
  if (pci === undefined) return undefined;
  const capability = (type: string): XmlElement | undefined =>
    childrenOf(pci, 'capability').find((each) => each.attributes.get('type') === type);
  const parent = childAt(capability('phys_function'), 'address');
  return present({
    address: decimalAddress(pci, read),
    vendorId: idOf(childAt(pci, 'vendor'), read),
    productId: idOf(childAt(pci, 'product'), read),
    devType: typeOf(pci, capability('virt_functions'), parent),
    numaNode: numaNodeOf(pci),
    parentAddress: mapIf(parent, (address) => pciAddress(address, read)),
  });
}

/** As Nova's own table has it (`virt/libvirt/host.py:_get_pcidev_info`). */
function typeOf(
  pci: XmlElement,
  virtualFunctions: XmlElement | undefined,
  parent: XmlElement | undefined,
): HardwareDevice['devType'] {
  if (virtualFunctions !== undefined && childrenOf(virtualFunctions, 'address').length > 0) return 'type-PF';
  if (parent === undefined) return 'type-PCI';
  return childrenOf(pci, 'capability').some((each) => each.attributes.get('type') === 'vdpa')
    ? 'vdpa'
    : 'type-VF';
}

/** The plain elements are decimal, unlike addresses elsewhere. */
function decimalAddress(pci: XmlElement, read: XmlReader): string {
  const part = (name: string, digits: number): string => {
    const element = childAt(pci, name);
    if (element === undefined) read.refuse(pci, `the element ${name} is missing`);
    return (element === undefined ? 0 : read.number(element)).toString(16).padStart(digits, '0');
  };
  return `${part('domain', 4)}:${part('bus', 2)}:${part('slot', 2)}.${part('function', 1)}`;
}

function idOf(element: XmlElement | undefined, read: XmlReader): string {
  const id = element === undefined ? '' : read.attribute(element, 'id');
  return id.replace(/^0x/i, '').toLowerCase();
}

function numaNodeOf(pci: XmlElement): number | undefined {
  const node = childAt(pci, 'numa')?.attributes.get('node');
  return node !== undefined && /^\d+$/.test(node) ? Number(node) : undefined;
}
