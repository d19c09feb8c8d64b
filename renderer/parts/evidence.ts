import type { HealthReason } from '#shared/contract/host.ts';
import { printRoute } from '../state/routes.ts';

/** The address where the evidence for a reason is shown. */
export function evidenceAddress(cluster: string, host: string, reason: HealthReason): string | null {
  const page = { view: 'host', cluster, host, unit: null } as const;
  switch (reason.code) {
    case 'unit-failed':
    case 'unit-load-error':
      return printRoute({ ...page, tab: 'units', unit: reason.subject });
    case 'units-polled':
    case 'silence':
    case 'link':
      return printRoute({ ...page, tab: 'connection' });
    case 'disk':
    case 'inodes':
    case 'disk-read-only':
    case 'clock':
    case 'reboot-needed':
      return printRoute({ ...page, tab: 'facts' });
    case 'updating':
      return printRoute({ ...page, tab: 'updates' });
    case 'cpu':
    case 'memory':
    case 'pressure':
      return printRoute({ ...page, tab: 'overview' });
    case 'etcd-member':
      return printRoute({ view: 'etcd', cluster });
    case 'on-purpose':
      return null;
    default:
      return reason.code satisfies never;
  }
}
