import { loadCatalog } from '../catalog/catalog.ts';
import { createContext } from '../constraints/create-context.ts';
import { balanceOf } from '../plan/history/balance.ts';
import { historyOf } from '../plan/history/replay-history.ts';
import { linkLoads } from '../plan/link-load.ts';
import type { Plan } from '../plan/plan.ts';
import { frozenStretches, shutStretches } from '../plan/shut-stretches.ts';
import type { PagedCloud, PageInput } from '../report/page/page-input.ts';
import type { LoadedCloud } from './load.ts';
import { readPlannedOptions } from './planned-options.ts';

/** What the page of a plan is made of, with the cloud where one is known. */
export async function pageInput(
  plan: Plan,
  planFile: string,
  loaded: LoadedCloud | undefined,
): Promise<PageInput> {
  return {
    plan,
    planFile,
    shut: shutStretches(plan),
    frozen: frozenStretches(plan),
    ...(loaded !== undefined && { cloud: await pagedCloud(plan, loaded) }),
  };
}

async function pagedCloud(plan: Plan, { cloud: read, digest }: LoadedCloud): Promise<PagedCloud> {
  const { cpuTable } = await loadCatalog();
  const { profile: name, release, goal } = plan.basedOn;
  const context = createContext(read, { name, ...release }, cpuTable, readPlannedOptions(plan.basedOn));
  const history = historyOf(plan.steps, context);
  return {
    cloud: context.cloud,
    inventoryDigest: digest,
    history,
    links: linkLoads(plan.steps, context.cloud),
    balance: balanceOf(history, goal),
  };
}
