import { expect, test } from 'vitest';
import type { RecordOf } from '#shared/contract/records.ts';
import type { HostUpdate } from '#shared/contract/update.ts';
import { channelsFor, movesToChannel } from './move-to-channel.ts';

const following = (agent: HostUpdate['agent'], channel: string | null) =>
  ({ update: { agent, channel } }) as RecordOf<'host'>;
const hosts = new Map<string, RecordOf<'host'>>([
  ['flatcar1', following('update-engine', 'beta')],
  ['coreos1', following('update-engine', 'alpha')],
  ['fcos1', following('rpm-ostree', 'next')],
  ['fcos2', following('rpm-ostree', 'stable')],
  ['image1', following('bootc', 'quay.io/fedora/fedora-bootc:42')],
  ['debian1', following('apt', null)],
  ['bare1', following('none', null)],
  ['new1', {}],
]);

test('each agent that has channels is asked about its own hosts, the rest stays with the reason', () => {
  expect(movesToChannel([...hosts.keys()], hosts, 'stable')).toEqual({
    moves: [
      { agent: 'update-engine', hosts: ['flatcar1', 'coreos1'] },
      { agent: 'rpm-ostree', hosts: ['fcos1'] },
      { agent: 'bootc', hosts: ['image1'] },
    ],
    stay: [
      { host: 'fcos2', why: 'it follows stable already' },
      { host: 'debian1', why: 'apt has sources, no channel: they are changed as files' },
      { host: 'bare1', why: 'no update agent that is understood is on it' },
      { host: 'new1', why: 'its update agent was not read yet' },
    ],
  });
});

test('channels are those of the agents at hand, each once', () => {
  const columns = [
    { key: 'rpm-ostree/rawhide', agent: 'rpm-ostree', channel: 'rawhide', hosts: 1 },
    { key: 'update-engine/lts-2025', agent: 'update-engine', channel: 'lts-2025', hosts: 1 },
  ] as const;
  expect(channelsFor(['fcos1', 'debian1'], hosts, columns)).toEqual(['stable', 'testing', 'next', 'rawhide']);
  expect(channelsFor(['debian1'], hosts, columns)).toEqual([]);
});
