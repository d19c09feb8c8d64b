import { expect, test } from 'vitest';
import type { ServiceGroup } from '#shared/contract/update-service.ts';
import { policyInWords } from './policy-words.ts';
import { compareVersions } from './versions.ts';

test('releases are in the order of semantic versions', () => {
  const order = ['4152.2.0-alpha', '4152.2.0-alpha.1', '4152.2.0', '4152.10.0', '4230.0.0'];
  expect(order.toSorted((a, b) => compareVersions(a, b) ?? 0)).toEqual(order);
  expect(compareVersions('444.0.0+2014-09-22-1720', '444.0.0')).toBe(0);
  expect(compareVersions('ForcedUpdate', '1.0.0')).toBeNull();
});

test('a policy is said in one sentence', () => {
  const group: ServiceGroup = {
    id: '00000000-0000-0000-0000-000000000001',
    name: 'Web',
    track: 'stable',
    arch: 'amd64',
    channel: null,
    updatesEnabled: true,
    safeMode: true,
    officeHours: true,
    timeZone: 'Europe/Rome',
    periodS: 900,
    maxUpdatesPerPeriod: 2,
    updateTimeoutS: 3600,
  };
  expect(policyInWords(group)).toBe(
    'At most 2 updates per 15 minutes, and as many at once; the first one alone (safe mode); only Mon–Fri 09:00–17:00 Europe/Rome; one that takes longer than 1 hour no longer counts.',
  );
  expect(policyInWords({ ...group, updatesEnabled: false })).toContain('disabled');
  expect(policyInWords({ ...group, safeMode: false, officeHours: false, maxUpdatesPerPeriod: 900_000 })).toBe(
    'No limit.',
  );
});
