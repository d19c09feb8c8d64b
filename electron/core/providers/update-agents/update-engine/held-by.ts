import type { HostUpdate } from '#shared/contract/update.ts';
import type { ConfSetting } from '#shared/formats/update-conf/parse.ts';

/** What stands between the host and its update or its reboot, as far as the host itself tells. */
export function heldBy(update: HostUpdate, server: ConfSetting | null): HostUpdate['heldBy'] {
  const held: HostUpdate['heldBy'] = [];
  if (server?.value === 'disabled')
    held.push({ by: 'policy', text: `Updates are switched off: SERVER=disabled in ${server.source}.` });
  if (update.agentState === 'masked' || update.agentState === 'stopped')
    held.push({ by: 'agent', text: `update-engine.service is ${update.agentState}.` });
  if (!update.rebootNeeded) return held;
  const locksmithd = update.facts.find(({ name }) => name === 'locksmithd')?.value ?? '';
  const isAway = ['stopped', 'masked', 'missing'].includes(locksmithd);
  if (update.strategy.name === 'off') held.push({ by: 'person', text: update.strategy.text, reboot: true });
  else if (isAway) held.push({ by: 'agent', text: `locksmithd is ${locksmithd}: nobody reboots this host.` });
  const [window] = update.windows;
  if (window && update.strategy.name !== 'off')
    held.push({ by: 'window', text: `Reboots only ${window.text} (${window.timeZone}).` });
  if (update.strategy.name === 'etcd-lock')
    held.push({ by: 'lock', text: 'Reboots only while it holds the reboot lock in etcd.' });
  return held;
}
