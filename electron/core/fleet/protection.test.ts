import { expect, test } from 'vitest';
import type { HostFacts } from '#shared/contract/host.ts';
import { toProblem } from '#shared/contract/problem.ts';
import { type Protected, refuseRootOnSeveral, refuseSeveral } from './protection.ts';
import { Records } from './records.ts';

const records = new Records();
for (const host of ['root1', 'root2']) records.publish('host', host, 'facts', { elevation: 'root' } as HostFacts);
records.publish('host', 'web1', 'facts', { elevation: 'sudo' } as HostFacts);
const cluster = (guarded: boolean): Protected => ({ name: 'Berlin', protected: guarded, records });
const outcome = (act: () => void): string => {
  try {
    act();
    return 'done';
  } catch (error) {
    return toProblem(error).message;
  }
};

test('several hosts at once are refused on a protected cluster only', () => {
  const refused = 'Berlin is protected: restart is for one host at a time there';
  expect(outcome(() => refuseSeveral(cluster(true), ['web1', 'web2'], 'restart'))).toBe(refused);
  expect(outcome(() => refuseSeveral(cluster(true), ['web1', 'web1'], 'restart'))).toBe('done');
  expect(outcome(() => refuseSeveral(cluster(false), ['web1', 'web2'], 'restart'))).toBe('done');
});

test('a command counts where it runs as root, by wish or by login', () => {
  const ask = (hosts: string[], elevate: boolean) => outcome(() => refuseRootOnSeveral(cluster(true), hosts, elevate));
  const refused = 'Berlin is protected: a command as root is for one host at a time there';
  expect(ask(['web1', 'web2'], true)).toBe(refused);
  expect(ask(['root1', 'root2'], false)).toBe(refused);
  expect(ask(['web1', 'root1'], false)).toBe('done');
  expect(ask(['web1', 'web2', 'web3'], false)).toBe('done');
  expect(ask(['web1'], true)).toBe('done');
});
