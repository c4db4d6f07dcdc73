import type { Arrival } from '../constraints/arrival.ts';
import type { HostId, ServerId } from '../model/ids.ts';

/**
 * What can happen to a cloud in motion.
 *
 * - `request`: Nova accepts a migration; the destination is claimed at once, the source stays charged.
 * - `complete`: live frees the source; cold leaves it `unconfirmed`; evacuate leaves `residue`.
 * - `confirm`: a cold migration's source is freed.
 * - `revert`: a cold migration is taken back; the destination is freed, and the server is where it was.
 * - `fail`: the destination's claim is dropped and the server stays at its source.
 * - `service`: a step enabled or disabled a host.
 * - `power`: a step stopped or started a server.
 * - `gone`: in thought only, a server at rest is taken away from the cloud.
 */
export type ReplayEvent =
  | { readonly kind: 'request'; readonly arrival: Arrival }
  | { readonly kind: 'complete'; readonly server: ServerId }
  | { readonly kind: 'confirm'; readonly server: ServerId }
  | { readonly kind: 'revert'; readonly server: ServerId }
  | { readonly kind: 'fail'; readonly server: ServerId }
  | { readonly kind: 'service'; readonly host: HostId; readonly status: 'enabled' | 'disabled' }
  | { readonly kind: 'power'; readonly server: ServerId; readonly vmState: 'active' | 'stopped' }
  | { readonly kind: 'gone'; readonly server: ServerId };
