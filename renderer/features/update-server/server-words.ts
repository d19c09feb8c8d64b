import type { ServerActivity, ServerStatus } from '#shared/contract/update-server.ts';
import type { MarkShape } from '../../ui/sign-mark.tsx';

interface Sign {
  readonly tone: string;
  readonly shape: MarkShape;
  readonly word: string;
}

/** What an instance is doing, as the server has it. */
export const statusSigns: Readonly<Record<ServerStatus, Sign>> = {
  undefined: { tone: 'unknown', shape: 'question', word: 'nothing known' },
  complete: { tone: 'good', shape: 'disc', word: 'complete' },
  granted: { tone: 'moving', shape: 'arrow', word: 'granted' },
  downloading: { tone: 'moving', shape: 'dots', word: 'downloading' },
  downloaded: { tone: 'moving', shape: 'disc', word: 'downloaded' },
  installed: { tone: 'attention', shape: 'triangle', word: 'waits for reboot' },
  'on-hold': { tone: 'away', shape: 'pause', word: 'on hold' },
  error: { tone: 'bad', shape: 'cross', word: 'error' },
};

const events: Readonly<Record<ServerActivity['event'], string>> = {
  'package-not-found': 'No package to offer',
  'rollout-started': 'Roll-out started',
  'rollout-finished': 'Roll-out finished',
  'rollout-failed': 'Roll-out failed',
  'instance-failed': 'Update of an instance failed',
  'channel-updated': 'Channel got another package',
  unknown: 'Something of an unknown kind',
};
const severities: Readonly<Record<ServerActivity['severity'], Omit<Sign, 'word'>>> = {
  success: { tone: 'good', shape: 'disc' },
  info: { tone: 'moving', shape: 'ring' },
  warning: { tone: 'attention', shape: 'triangle' },
  error: { tone: 'bad', shape: 'cross' },
  unknown: { tone: 'unknown', shape: 'question' },
};

/** A line of the server's log as a sign. */
export function activitySign({ event, severity }: ServerActivity): Sign {
  return { ...severities[severity], word: events[event] };
}

const names: Readonly<Record<string, string>> = {
  channel_id: 'Channel',
  package_id: 'Package',
  policy_updates_enabled: 'Updates enabled',
  policy_safe_mode: 'Safe mode',
  policy_office_hours: 'Office hours only',
  policy_timezone: 'Time zone',
  policy_period_interval: 'Interval',
  policy_max_updates_per_period: 'Updates per interval',
  policy_update_timeout: 'Update timeout',
};

/** A field of the server as it is called in the form. */
export function fieldName(name: string): string {
  return names[name] ?? name;
}
