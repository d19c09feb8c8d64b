import { describe, expect, test } from 'vitest';
import type { HostFacts } from '#shared/contract/host.ts';
import type { HostUpdate, UpdateAgentName } from '#shared/contract/update.ts';
import type { UpdateAct } from '#shared/contract/update-act.ts';
import { blankUpdate } from '../providers/update-agents/blank-update.ts';
import { orderOf, shownOf } from './run-act.ts';

const slot = { good: true, tries: 0, priority: 1, pinned: false, staged: false, next: false, booted: false };
const facts = { family: 'flatcar', elevation: 'root' } as HostFacts;

function update(agent: UpdateAgentName, more: Partial<HostUpdate> = {}): HostUpdate {
  const blank = blankUpdate(agent, 0);
  return { ...blank, agentState: 'running', phase: 'idle', running: '2.0.0', channel: 'stable', ...more };
}

function commands(act: UpdateAct, told: HostUpdate, agent = told.agent as UpdateAgentName): string {
  const order = orderOf('h', agent, act, { update: told, facts, actor: 'ada@desk' });
  if ('why' in order) return `not: ${order.why}`;
  if ('edit' in order) return order.edit('# mine\nGROUP=stable\n');
  return shownOf(order, 'root').join('; ');
}

describe('what it takes to tell an agent', () => {
  const slots = [
    { ...slot, name: 'USR-A', version: '1.0.0' },
    { ...slot, name: 'USR-B', version: '2.0.0', booted: true, next: true },
  ];

  test('a roll back of update_engine holds first, then chooses the slot', () => {
    expect(commands({ kind: 'roll-back' }, update('update-engine', { slots }))).toBe(
      'resources/host/update-hold.sh hold update-engine 2.0.0 ada@desk; resources/host/update-engine-act.sh roll-back 2.0.0',
    );
  });

  test.each<[string, Partial<HostUpdate>]>([
    ['the other slot holds the update that waits, no longer the system before', { slots, rebootNeeded: true }],
    ['the other slot is being written', { slots, phase: 'downloading' }],
    ['the slots could not be read: that takes root', {}],
    [
      'which system is in USR-A is not known',
      { slots: slots.map((one) => (one.booted ? one : { ...one, version: null })) },
    ],
  ])('there is no roll back: %s', (why, more) => {
    expect(commands({ kind: 'roll-back' }, update('update-engine', more))).toBe(`not: ${why}`);
  });

  test('a slot that is the next one before update_engine has found the new one good can still be chosen', () => {
    const early = slots.map((one) => ({ ...one, next: !one.booted }));
    expect(commands({ kind: 'roll-back' }, update('update-engine', { slots: early }))).toContain('roll-back 2.0.0');
    const holds = [{ version: '2.0.0', by: 'ada', since: null }];
    expect(commands({ kind: 'roll-back' }, update('update-engine', { slots: early, holds }))).toBe(
      'not: the next boot takes 1.0.0 already',
    );
  });

  test('a channel keeps every other byte of update.conf', () => {
    expect(commands({ kind: 'set-channel', channel: 'beta' }, update('update-engine'))).toBe('# mine\nGROUP=beta\n');
  });

  test.each([
    [
      'ostree-image-signed:docker://quay.io/fedora/fedora-coreos:stable',
      'ostree-image-signed:docker://quay.io/fedora/fedora-coreos:next',
    ],
    ['fedora:fedora/x86_64/coreos/stable', 'fedora:fedora/x86_64/coreos/next'],
  ])('a rebase keeps the reference %s but for its stream', (origin, wanted) => {
    const told = update('rpm-ostree', { facts: [{ name: 'Origin', value: origin, source: '' }] });
    expect(commands({ kind: 'set-channel', channel: 'next' }, told)).toContain(`rpm-ostree rebase ${wanted}`);
  });

  test('a reference by digest is not guessed at', () => {
    const told = update('rpm-ostree', { facts: [{ name: 'Origin', value: 'quay.io/a/b@sha256:12ab', source: '' }] });
    expect(commands({ kind: 'set-channel', channel: 'next' }, told)).toBe(
      'not: what it follows does not end in the name of a stream',
    );
  });

  test.each([
    ['quay.io/fedora/fedora-bootc:42', '43', 'quay.io/fedora/fedora-bootc:43'],
    ['registry:5000/os', 'beta', 'registry:5000/os:beta'],
    ['quay.io/fedora/fedora-bootc:42', 'quay.io/other/os:1', 'quay.io/other/os:1'],
  ])('bootc that follows %s, told %s, is switched to %s', (channel, word, wanted) => {
    expect(commands({ kind: 'set-channel', channel: word }, update('bootc', { channel }))).toMatch(
      new RegExp(` bootc switch ${wanted}$`),
    );
  });

  test.each([
    ['quay.io/a/b@sha256:12ab', 'of which image beta is a tag is not known'],
    ['quay.io/a/b:beta', 'it follows quay.io/a/b:beta already'],
  ])('bootc that follows %s is not switched to the tag beta', (channel, why) => {
    expect(commands({ kind: 'set-channel', channel: 'beta' }, update('bootc', { channel }))).toBe(`not: ${why}`);
  });

  test.each(['flatcar', 'container-linux'] as const)('the channel of %s is in its own update.conf', (family) => {
    const sight = { update: update('update-engine'), facts: { ...facts, family }, actor: 'ada@desk' };
    expect(orderOf('h', 'update-engine', { kind: 'set-channel', channel: 'beta' }, sight)).toMatchObject({
      path: `/etc/${family === 'flatcar' ? 'flatcar' : 'coreos'}/update.conf`,
    });
  });

  test('an agent that is another one now, or could not be read, is told nothing', () => {
    expect(() => commands({ kind: 'check' }, update('apt'), 'dnf')).toThrow('its update agent is apt now, not dnf');
    expect(() => commands({ kind: 'check' }, update('apt', { agentState: 'unreadable' }))).toThrow('cannot be read');
  });
});
