import type { ServiceActivity, ServiceInstance } from '#shared/contract/update-service.ts';
import type { AskedOf, Decision } from './decide.ts';

/** Updates of the group are disabled, and its roll-out has failed. */
export function disable(
  known: Pick<AskedOf, 'group' | 'channel' | 'ledger'> & { readonly instance: ServiceInstance },
  text: string,
  now: number,
): Pick<Decision, 'group' | 'ledger' | 'activity'> {
  const { group, ledger } = known;
  const { rollout } = ledger;
  return {
    group: { ...group, updatesEnabled: false },
    ledger: { ...ledger, rollout: rollout && { ...rollout, state: 'failed' } },
    activity: [
      {
        ...activityOf(known, 'rollout failed', 'error', rollout?.version ?? '', now),
        text: `updates are disabled: ${text}`,
      },
    ],
  };
}

/** An entry of the activity about a group and the instance at hand. */
export function activityOf(
  { group, channel, instance }: Pick<AskedOf, 'group' | 'channel'> & { readonly instance: ServiceInstance },
  kind: ServiceActivity['class'],
  severity: ServiceActivity['severity'],
  version: string,
  now: number,
): ServiceActivity {
  const about = kind === 'instance update failed' ? instance.id : '';
  return {
    at: now,
    class: kind,
    severity,
    group: group.name,
    channel: channel?.name ?? '',
    version,
    instance: about,
    text: '',
  };
}
