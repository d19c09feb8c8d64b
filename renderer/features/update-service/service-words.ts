import type { InstanceStatus, ServiceActivity, UpdateService } from '#shared/contract/update-service.ts';
import type { Sign } from '../../words/states.ts';

/** What an instance does, in Nebraska's words. */
export const statusSigns: Readonly<Record<InstanceStatus, Sign>> = {
  undefined: { tone: 'unknown', shape: 'ring', word: 'undefined' },
  granted: { tone: 'moving', shape: 'arrow', word: 'update granted' },
  error: { tone: 'bad', shape: 'cross', word: 'error' },
  complete: { tone: 'good', shape: 'disc', word: 'complete' },
  installed: { tone: 'moving', shape: 'arrow', word: 'installed' },
  downloaded: { tone: 'moving', shape: 'arrow', word: 'downloaded' },
  downloading: { tone: 'moving', shape: 'dots', word: 'downloading' },
  onhold: { tone: 'purpose', shape: 'pause', word: 'on hold' },
};

export const severitySigns: Readonly<Record<ServiceActivity['severity'], Sign>> = {
  success: { tone: 'good', shape: 'disc', word: 'success' },
  info: { tone: 'unknown', shape: 'ring', word: 'info' },
  warning: { tone: 'attention', shape: 'triangle', word: 'warning' },
  error: { tone: 'bad', shape: 'cross', word: 'error' },
};

export const serviceSigns = {
  on: { tone: 'good', shape: 'disc', word: 'on' },
  off: { tone: 'purpose', shape: 'ring', word: 'off' },
  enabled: { tone: 'good', shape: 'disc', word: 'updates enabled' },
  disabled: { tone: 'attention', shape: 'pause', word: 'updates disabled' },
} as const satisfies Record<string, Sign>;

/** How the updates of a group go, in a sentence. */
export function progressInWords({ value, progress }: UpdateService['groups'][number]): string {
  const { rollout, inProgress, timedOut, grantedInPeriod } = progress;
  const parts = [
    `${inProgress} in progress`,
    timedOut > 0 && `${timedOut} took too long`,
    value.maxUpdatesPerPeriod <= 5000 && `${grantedInPeriod} of ${value.maxUpdatesPerPeriod} granted in this period`,
  ].filter((part) => part !== false);
  if (!rollout) return parts.join(' · ');
  const state = { running: 'is under way', finished: 'is finished', failed: 'failed' }[rollout.state];
  const ended =
    rollout.attempted === 0 ? 'none has ended yet' : `${rollout.succeeded} of ${rollout.attempted} succeeded`;
  return `The roll-out of ${rollout.version} ${state}: ${ended} · ${parts.join(' · ')}`;
}
