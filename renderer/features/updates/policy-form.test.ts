import { describe, expect, test } from 'vitest';
import { makePolicy } from '#kit/update-hosts.ts';
import { defaultReboots } from '#shared/contract/reboot.ts';
import { firstPolicy, formOf, type PolicyForm, readPolicyForm } from './policy-form.ts';

const rich = makePolicy({
  members: ['web-1', 'web-2'],
  target: { kind: 'version', version: '4593.2.1' },
  waves: [
    { size: 1, unit: 'hosts' },
    { size: 50, unit: 'percent' },
  ],
  spreadOver: 'zone',
  soakS: 5400,
  failureBudget: 2,
  gates: [
    { kind: 'system-running' },
    { kind: 'unit-active', unit: 'sshd.service', settleS: 30 },
    { kind: 'port', port: 443 },
    { kind: 'command', command: 'curl -f http://localhost/', timeoutS: 60 },
  ],
  reboot: {
    ...defaultReboots,
    lockGroup: 'workers',
    rate: { hosts: 3, perS: 3600 },
    windows: { timeZone: 'Europe/Rome', windows: [{ days: [5, 6], from: 120, lengthMs: 14_400_000, measure: 'wall' }] },
  },
});

describe('the form of a policy', () => {
  test.each([makePolicy(), rich, makePolicy({ target: { kind: 'offered' }, automatic: true, packages: 'security' })])(
    'says the policy that it was made of',
    (policy) => {
      expect(readPolicyForm(formOf(policy), policy)).toEqual({ policy, errors: {} });
    },
  );
  test.each([
    ['group', { group: 'Web 1' }],
    ['selector', { selector: ' ' }],
    ['selector', { selector: 'cpu>80' }],
    ['members', { members: 'a/b' }],
    ['order', { order: '-1' }],
    ['channel', { targetKind: 'channel', channel: '' }],
    ['version', { targetKind: 'version', version: '' }],
    ['atOnce', { atOnce: '0' }],
    ['rateHosts', { rateHosts: 'many' }],
    ['ratePer', { rateHosts: '2', ratePer: 'hour' }],
    ['waves', { waves: 'some' }],
    ['windows', { anyTime: false, windows: [] }],
    ['windows', { anyTime: false, windows: [{ days: [1], from: '25:00', length: '4 h', measure: 'wall' }] }],
    ['timeZone', { anyTime: false, timeZone: 'Mars' }],
    ['peopleWait', { peopleWait: '5' }],
    ['bootTimeout', { bootTimeout: '3 h' }],
    ['units', { units: 'not a unit' }],
    ['ports', { ports: '22, 70000' }],
  ] as const satisfies readonly (readonly [string, Partial<PolicyForm>])[])(
    'tells what is wrong at %s',
    (field, change) => {
      const { policy, errors } = readPolicyForm({ ...formOf(rich), ...change }, rich);
      expect(policy).toBe(null);
      expect(Object.keys(errors)).toEqual([field]);
    },
  );
  test('a new one is not complete before it is named and selects something', () => {
    expect(Object.keys(readPolicyForm(formOf(firstPolicy), firstPolicy).errors)).toEqual(['group', 'selector']);
  });
});
