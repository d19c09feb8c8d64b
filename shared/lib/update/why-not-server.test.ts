import { describe, expect, test } from 'vitest';
import { engine, link, now } from '#kit/update-subjects.ts';
import type { HostUpdate } from '../../contract/update.ts';
import type { ServerHost } from '../../contract/update-server.ts';
import { whyNot } from './why-not.ts';

describe('what the update server has of a host', () => {
  const instance = {
    id: 'a'.repeat(32),
    alias: '',
    ip: '',
    oem: '',
    version: '4152.2.0',
    status: 'complete',
    lastCheckAt: now - 5 * 60_000,
    grantedAt: null,
    grantedVersion: '',
    inProgress: false,
    host: 'web',
  } as const;
  const group = { app: 'flatcar', id: 'g', name: 'prod', updatesEnabled: true };
  const seen = { url: 'https://nebraska.example', group, instance, readAt: now } satisfies ServerHost;
  const look = (atServer: ServerHost) => {
    const { conditions } = whyNot({
      name: 'web',
      host: { link, update: engine },
      now,
      atServer,
    });
    return conditions.find(({ name }) => name === 'server');
  };
  test.each<[string, ServerHost, string, RegExp]>([
    ['heard of', seen, 'ok', /heard of it 5 min ago: it ran 4152.2.0, its last update complete/],
    [
      'on hold',
      { ...seen, instance: { ...instance, status: 'on-hold' } },
      'stops',
      /policy of group prod lets no more/,
    ],
    ['failed', { ...seen, instance: { ...instance, status: 'error' } }, 'stops', /its last update failed/],
    ['never heard of', { ...seen, instance: null }, 'stops', /never heard of it/],
    [
      'of a group whose updates are off',
      { ...seen, group: { ...group, updatesEnabled: false } },
      'stops',
      /are disabled/,
    ],
    ['of no group', { ...seen, group: null, instance: null }, 'stops', /has no group stable/],
  ])('one %s', (_, atServer, state, text) => {
    expect(look(atServer)).toMatchObject({ state, source: seen.url, text: expect.stringMatching(text) });
  });
  test('what the host says of itself comes first', () => {
    const failed: HostUpdate = { ...engine, phase: 'failed', phaseText: 'no room' };
    const { conditions } = whyNot({
      name: 'web',
      host: { link, update: failed },
      now,
      atServer: seen,
    });
    expect(conditions.find(({ name }) => name === 'server')?.text).toContain('no room');
  });
});
