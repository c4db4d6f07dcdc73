import type { RuleContext } from '../constraints/context.ts';
import type { Method, Storage } from '../constraints/arrival.ts';
import type { HostId } from '../model/ids.ts';
import type { Server } from '../model/server.ts';
import { transferOf } from './transfer/transfer.ts';

/** By which method a server travels, and what that means for who uses it. */
export interface Travelling {
  readonly method: Method;
  readonly downtimeSeconds: number;
}

/** A way of leaving a host, as slow as the link of that host makes it, wherever it leads. */
export function travelling(
  server: Server,
  from: HostId,
  { method, storage }: { readonly method: Method; readonly storage: Storage },
  { cloud }: Pick<RuleContext, 'cloud'>,
): Travelling {
  const { downtimeMs } = transferOf({ server, from, to: from, method, storage }, cloud);
  return { method, downtimeSeconds: downtimeMs / 1000 };
}
