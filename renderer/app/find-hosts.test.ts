import { describe, expect, it } from 'vitest';
import type { RecordOf } from '#shared/contract/records.ts';
import { findHosts } from './find-hosts.ts';

function host(
  name: string,
  address: string,
  labels: Record<string, string> = {},
  failed: string[] = [],
): [string, RecordOf<'host'>] {
  return [
    name,
    {
      identity: { name, address, port: 22, user: 'core', jump: [], labels },
      units: {
        readAt: 0,
        source: 'dbus',
        total: 1,
        active: 1,
        jobs: 0,
        failed: failed.map((name) => ({ name, sub: 'failed', since: 0 })),
        loadErrors: [],
      },
    },
  ];
}
const hosts = new Map([
  host('db-web', '10.0.0.1'),
  host('web-10', '10.0.0.2'),
  host('web-9', '10.0.0.3'),
  host('x', '10.9.9.9', { role: 'web' }),
  host('y', '10.9.9.8', {}, ['webhook.service']),
]);

describe('findHosts', () => {
  it('puts names that begin so first, then names that hold it, then labels and failed units', () => {
    expect(findHosts(hosts, ' WEB', 9).map(({ name }) => name)).toEqual(['web-9', 'web-10', 'db-web', 'x', 'y']);
    expect(
      findHosts(hosts, 'web', 9)
        .slice(3)
        .map(({ why }) => why),
    ).toEqual(['role=web', 'webhook.service failed']);
  });

  it('finds addresses, at most as many as asked, and nothing for nothing', () => {
    expect(findHosts(hosts, '10.9.9.', 1)).toHaveLength(1);
    expect(findHosts(hosts, '  ', 9)).toEqual([]);
  });
});
