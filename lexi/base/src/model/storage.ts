import type { StoragePoolId } from './ids.ts';

/** Where the disks of servers live that are not volumes. A pool shared by hosts is counted once. */
export interface StoragePool {
  readonly id: StoragePoolId;
  readonly kind: 'local' | 'shared';
  /** `qcow2`, `raw`, `rbd`, `lvm`, … (`[libvirt] images_type`). */
  readonly imagesType?: string;
  readonly totalGiB?: number;
}
