import type { HostUpdate } from '#shared/contract/update.ts';
import { offlineInWords } from '#shared/lib/update/offline-words.ts';

/** Phase, sentence and what holds a host of packages, from what waits there, and from whether it reboots by itself when that is needed. */
export function packageUpdate(update: HostUpdate, isInstalling: boolean, rebootsItself: boolean): HostUpdate {
  const { pending, rebootNeeded, rebootBecause = [], strategy } = update;
  const heldBy: HostUpdate['heldBy'] = [];
  if (pending && pending.held > 0) heldBy.push({ by: 'person', text: `${count(pending.held)} held back by a person.` });
  if (strategy.name === 'by-hand' && pending && pending.total > 0) heldBy.push({ by: 'person', text: strategy.text });
  else if (strategy.name === 'automatic' && (update.agentState === 'stopped' || update.agentState === 'masked'))
    heldBy.push({ by: 'agent', text: `What installs updates by itself is ${update.agentState}.` });
  else if (strategy.name === 'automatic' && rebootNeeded && !rebootsItself)
    heldBy.push({ by: 'person', text: 'Nobody reboots this host but a person.', reboot: true });
  const told = (phase: HostUpdate['phase'], phaseText: string): HostUpdate => ({ ...update, phase, phaseText, heldBy });
  if (isInstalling) return told('finalizing', 'Packages are being installed.');
  if (update.offline) return told('staged', offlineInWords(update.offline));
  if (rebootNeeded) {
    const because = rebootBecause.length > 0 ? ` (${rebootBecause.slice(0, 5).join('; ')})` : '';
    return told('staged', `Installed packages wait for a reboot${because}${pendingWords(pending, '; ')}.`);
  }
  if (!pending) return told('unknown', 'What waits could not be read.');
  if (pending.total === 0) return told('idle', 'No package waits.');
  return told('available', `${pendingWords(pending, '')}.`);
}

function pendingWords(pending: HostUpdate['pending'], before: string): string {
  if (!pending || pending.total === 0) return '';
  const security = pending.security > 0 ? `, ${pending.security} of them for security` : '';
  return `${before}${count(pending.total)} ${pending.total === 1 ? 'waits' : 'wait'}${security}`;
}

function count(packages: number): string {
  return `${packages} package${packages === 1 ? '' : 's'}`;
}
