import type { ServerActivity } from '#shared/contract/update-server.ts';
import type { Sign } from '../../words/states.ts';

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
