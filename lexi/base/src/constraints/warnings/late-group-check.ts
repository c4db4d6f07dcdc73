import type { WarningRule } from '../warning-rule.ts';

/** Before 24.0.0 only the scheduler looks at group policies of a live migration: a boot meanwhile can break them. */
export const lateGroupCheck: WarningRule = {
  id: 'late-group-check',
  summary: 'this release checks group policies of a live migration only once',
  onArrival: ({ server, to, method }, { context }) => {
    if (method !== 'live' || context.profile.switches.lateGroupCheck || server.group === undefined) return [];
    const group = context.cloud.groups.get(server.group);
    if (group?.policy !== 'anti-affinity' && group?.policy !== 'affinity') return [];
    const text = `this release does not check ${group.policy} group ${group.name} again when ${server.name} arrives on ${to}: a server of the group that is created meanwhile can break it`;
    return [{ text, servers: [server.id], host: to }];
  },
};
