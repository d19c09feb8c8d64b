import type { EtcdCluster, EtcdMember } from '#shared/contract/etcd.ts';
import type { HealthState, LinkState } from '#shared/contract/host.ts';
import type { ActionOutcome } from '#shared/contract/unit.ts';
import type { HostUpdate, UpdatePhase } from '#shared/contract/update.ts';
import type { ServerStatus } from '#shared/contract/update-server.ts';

/** Shapes that go with colours, so that a state can be told without seeing colour. */
export type Shape = 'disc' | 'triangle' | 'cross' | 'slash' | 'question' | 'arrow' | 'pause' | 'ring' | 'dots';

/** What a colour means; each is one token in tokens.css. */
export type Tone = 'good' | 'attention' | 'bad' | 'away' | 'unknown' | 'moving' | 'purpose';

/** A state as it is shown: colour, shape and word. */
export interface Sign {
  readonly tone: Tone;
  readonly shape: Shape;
  readonly word: string;
}

/** How each health state is shown. */
export const healthSigns: Record<HealthState, Sign> = {
  healthy: { tone: 'good', shape: 'disc', word: 'healthy' },
  attention: { tone: 'attention', shape: 'triangle', word: 'attention' },
  failing: { tone: 'bad', shape: 'cross', word: 'failing' },
  unreachable: { tone: 'away', shape: 'slash', word: 'unreachable' },
  unknown: { tone: 'unknown', shape: 'question', word: 'unknown' },
  updating: { tone: 'moving', shape: 'arrow', word: 'updating' },
  'down-on-purpose': { tone: 'purpose', shape: 'pause', word: 'down on purpose' },
};

/** Health states from the one that needs a person most to the one that needs nobody. */
export const healthBySeverity: readonly HealthState[] = [
  'failing',
  'unreachable',
  'attention',
  'updating',
  'unknown',
  'down-on-purpose',
  'healthy',
];

/** How each link state is shown. */
export const linkSigns: Record<LinkState, Sign> = {
  idle: { tone: 'unknown', shape: 'ring', word: 'idle' },
  connecting: { tone: 'moving', shape: 'dots', word: 'connecting' },
  'needs-authentication': { tone: 'attention', shape: 'question', word: 'needs authentication' },
  up: { tone: 'good', shape: 'disc', word: 'up' },
  degraded: { tone: 'attention', shape: 'triangle', word: 'degraded' },
  lost: { tone: 'away', shape: 'slash', word: 'lost' },
  'backing-off': { tone: 'away', shape: 'slash', word: 'backing off' },
  blocked: { tone: 'bad', shape: 'cross', word: 'blocked' },
  disabled: { tone: 'purpose', shape: 'pause', word: 'disabled' },
};

/** Link states from the one that needs a person most to the one that needs nobody. */
export const linkBySeverity: readonly LinkState[] = [
  'blocked',
  'needs-authentication',
  'lost',
  'backing-off',
  'degraded',
  'connecting',
  'idle',
  'disabled',
  'up',
];

/** How a unit's active state is shown; words systemd may add later are shown as they are. */
export function unitSign(active: string, job = ''): Sign {
  if (job) return { tone: 'moving', shape: 'arrow', word: active };
  switch (active) {
    case 'active':
      return { tone: 'good', shape: 'disc', word: active };
    case 'failed':
      return { tone: 'bad', shape: 'cross', word: active };
    case 'activating':
    case 'deactivating':
    case 'reloading':
    case 'refreshing':
      return { tone: 'moving', shape: 'arrow', word: active };
    case 'inactive':
      return { tone: 'unknown', shape: 'ring', word: active };
    case 'maintenance':
      return { tone: 'attention', shape: 'triangle', word: active };
    default:
      return { tone: 'unknown', shape: 'question', word: active || 'unknown' };
  }
}

/** How each etcd member state is shown. */
export const memberSigns: Record<EtcdMember['state'], Sign> = {
  up: { tone: 'good', shape: 'disc', word: 'up' },
  unreachable: { tone: 'away', shape: 'slash', word: 'unreachable' },
  unauthorized: { tone: 'attention', shape: 'question', word: 'unauthorized' },
  'not-started': { tone: 'attention', shape: 'ring', word: 'not started' },
  unknown: { tone: 'unknown', shape: 'question', word: 'unknown' },
};

/** How each state of an etcd cluster is shown. */
export const etcdSigns: Record<EtcdCluster['state'], Sign> = {
  none: { tone: 'unknown', shape: 'ring', word: 'none' },
  connecting: { tone: 'moving', shape: 'dots', word: 'connecting' },
  healthy: { tone: 'good', shape: 'disc', word: 'healthy' },
  degraded: { tone: 'attention', shape: 'triangle', word: 'degraded' },
  'no-quorum': { tone: 'bad', shape: 'cross', word: 'no quorum' },
  unreachable: { tone: 'away', shape: 'slash', word: 'unreachable' },
  unauthorized: { tone: 'attention', shape: 'question', word: 'unauthorized' },
};

/** How each outcome of a unit action is shown. */
export const outcomeSigns: Record<ActionOutcome['state'], Sign> = {
  waiting: { tone: 'unknown', shape: 'ring', word: 'waiting' },
  running: { tone: 'moving', shape: 'dots', word: 'running' },
  watching: { tone: 'moving', shape: 'dots', word: 'watching' },
  done: { tone: 'good', shape: 'disc', word: 'done' },
  failed: { tone: 'bad', shape: 'cross', word: 'failed' },
  'then-failed': { tone: 'bad', shape: 'cross', word: 'started, then failed' },
  refused: { tone: 'attention', shape: 'triangle', word: 'refused' },
  cancelled: { tone: 'purpose', shape: 'pause', word: 'cancelled' },
};

/** How each phase of an update is shown. */
export const updateSigns: Record<UpdatePhase, Sign> = {
  idle: { tone: 'good', shape: 'disc', word: 'idle' },
  checking: { tone: 'moving', shape: 'dots', word: 'checking' },
  available: { tone: 'moving', shape: 'arrow', word: 'available' },
  downloading: { tone: 'moving', shape: 'arrow', word: 'downloading' },
  finalizing: { tone: 'moving', shape: 'arrow', word: 'finalizing' },
  staged: { tone: 'attention', shape: 'triangle', word: 'staged' },
  failed: { tone: 'bad', shape: 'cross', word: 'failed' },
  disabled: { tone: 'purpose', shape: 'pause', word: 'disabled' },
  unknown: { tone: 'unknown', shape: 'question', word: 'unknown' },
};

/** How the unit of an update agent is shown. */
export const agentSigns: Record<HostUpdate['agentState'], Sign> = {
  running: { tone: 'good', shape: 'disc', word: 'running' },
  stopped: { tone: 'attention', shape: 'ring', word: 'stopped' },
  masked: { tone: 'purpose', shape: 'pause', word: 'masked' },
  missing: { tone: 'unknown', shape: 'ring', word: 'missing' },
  unreadable: { tone: 'attention', shape: 'question', word: 'unreadable' },
};

/** What an instance is doing, as the update server has it. */
export const serverStatusSigns: Readonly<Record<ServerStatus, Sign>> = {
  undefined: { tone: 'unknown', shape: 'question', word: 'nothing known' },
  complete: { tone: 'good', shape: 'disc', word: 'complete' },
  granted: { tone: 'moving', shape: 'arrow', word: 'granted' },
  downloading: { tone: 'moving', shape: 'dots', word: 'downloading' },
  downloaded: { tone: 'moving', shape: 'disc', word: 'downloaded' },
  installed: { tone: 'attention', shape: 'triangle', word: 'waits for reboot' },
  'on-hold': { tone: 'away', shape: 'pause', word: 'on hold' },
  error: { tone: 'bad', shape: 'cross', word: 'error' },
};
