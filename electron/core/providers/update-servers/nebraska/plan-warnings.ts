import type { ServerEdit } from '#shared/contract/update-server.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import { compareVersions } from '#shared/lib/update/compare-versions.ts';
import { unlimitedUpdates } from '#shared/lib/update/server-words.ts';
import type { WireChannel, WireGroup, WirePackage } from './wire.ts';

/** What should be thought of before a group's policy is another one. */
export function policyWarnings(
  group: WireGroup,
  { policy, channel: channelId }: Extract<ServerEdit, { readonly verb: 'set-policy' }>,
  channel: WireChannel | null,
): string[] {
  const warnings: string[] = [];
  if (group.policy_updates_enabled && !policy.updatesEnabled)
    warnings.push('No instance of this group is offered an update until updates are enabled again.');
  if (!group.policy_updates_enabled && policy.updatesEnabled)
    warnings.push('The server begins to hand out updates as soon as instances ask, usually within the hour.');
  if (group.policy_safe_mode && !policy.safeMode)
    warnings.push('A bad update is no longer stopped by the server after its first instance.');
  if (policy.maxUpdatesPerPeriod >= unlimitedUpdates && !policy.safeMode)
    warnings.push('Nothing limits how many instances update at once.');
  if (group.rollout_in_progress)
    warnings.push('A roll-out of this group is under way; what is set counts for the rest of it.');
  if (channelId === null) warnings.push('A group without a channel is offered nothing.');
  else if (channel && channelId !== group.channel_id)
    warnings.push(
      channel.package
        ? `Instances of this group are then offered ${cleanLine(channel.package.version, 100)}.`
        : 'This channel has no package: its instances are offered nothing.',
    );
  return warnings;
}

/** What comes of a channel's other package. */
export function promoteWarnings(channel: WireChannel, offered: WirePackage, groups: readonly WireGroup[]): string[] {
  const warnings: string[] = [];
  const version = cleanLine(offered.version, 100);
  const before = channel.package?.version;
  if (before !== undefined && (compareVersions(version, before) ?? 0) < 0)
    warnings.push(
      `${version} is older than ${cleanLine(before, 100)}. Instances are never taken back by the server; those that run more stay.`,
    );
  const following = groups.filter(({ channel_id }) => channel_id === channel.id);
  const on = following.filter(({ policy_updates_enabled }) => policy_updates_enabled);
  const names = (some: readonly WireGroup[]) => some.map(({ name }) => cleanLine(name, 100)).join(', ');
  if (on.length > 0)
    warnings.push(`The server then offers ${version} to the groups ${names(on)}, each at its own pace.`);
  if (following.length === 0) warnings.push('No group follows this channel, so nobody is offered it.');
  else if (on.length === 0) warnings.push(`Updates are disabled for ${names(following)}, so nobody is offered it yet.`);
  return warnings;
}
