import type { UpdatePolicy } from '../../contract/update-policy.ts';
import type { UpdateServer } from '../../contract/update-server.ts';
import type { HostRecord } from '../filter/fields.ts';
import { type LimiterFight, limitersFight } from './limiters-fight.ts';
import { asksForGroup, isServedBy } from './server-words.ts';

/** Where one group of the update server meets a roll-out. */
export interface ServerFight {
  readonly app: string;
  readonly group: { readonly id: string; readonly name: string };
  /** How many hosts of the roll-out ask for it. */
  readonly hosts: number;
  readonly fights: readonly LimiterFight[];
}

/** The groups of the server that hosts of a roll-out ask for, and what each would do to it; those that agree are left out. */
export function serverFights(
  policy: UpdatePolicy,
  server: Pick<UpdateServer, 'url' | 'apps'>,
  hosts: readonly HostRecord[],
): ServerFight[] {
  const asking = hosts.flatMap(({ update, facts }) =>
    update && isServedBy(update.server, server.url)
      ? [{ channel: update.channel ?? '', arch: facts?.architecture ?? '' }]
      : [],
  );
  if (asking.length === 0) return [];
  return server.apps.flatMap(({ id: app, groups, channels }) =>
    groups.flatMap((group) => {
      const channel = channels.find(({ id }) => id === group.channel) ?? null;
      const many = asking.filter(({ channel: asked, arch }) =>
        asksForGroup(asked, group, { host: arch, group: channel?.arch ?? null }),
      ).length;
      if (many === 0) return [];
      const theirs = { group: group.name, policy: group.policy, offered: channel?.version ?? null };
      const fights = limitersFight(policy, theirs, many);
      return fights.length === 0 ? [] : [{ app, group: { id: group.id, name: group.name }, hosts: many, fights }];
    }),
  );
}
