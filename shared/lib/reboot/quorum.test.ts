import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type QuorumMember, quorumRefusal, quorumSum } from './quorum.ts';

const up = (name: string): QuorumMember => ({ name, votes: true, healthy: true });
const down = (name: string): QuorumMember => ({ ...up(name), healthy: false });

test('the sum is told in words', () => {
  expect(quorumSum([up('node1'), up('node2'), up('node3')]).text).toBe('3 members, 3 healthy, quorum 2: one may go');
  expect(quorumSum([up('node1'), down('node2'), up('node3')]).text).toBe(
    '3 members, 2 healthy, quorum 2: with node2 down none may go',
  );
  expect(quorumSum([up('node1')]).text).toBe('1 member, 1 healthy, quorum 1: none may go');
  expect(quorumSum([]).text).toBe('0 members, 0 healthy, quorum 1: nobody votes');
});

test('a refusal names who is not healthy and what would be left', () => {
  expect(quorumRefusal([up('node1'), down('node2'), up('node3')], 'node1')).toBe(
    'node1 must not go: node2 is not healthy; without it 1 of 3 would be left, and quorum is 2.',
  );
  expect(quorumRefusal([up('a'), up('b')], 'a')).toContain('no member can be spared');
  expect(quorumRefusal([up('node1'), down('node2'), up('node3')], 'web1')).toBe(null);
});

test('the one member that is ill may be rebooted to mend it', () => {
  expect(quorumRefusal([up('node1'), down('node2'), up('node3')], 'node2')).toBe(null);
  expect(quorumRefusal([down('node1'), down('node2'), up('node3')], 'node2')).toContain('node1 is not healthy');
});

const fleet = fc
  .array(fc.record({ votes: fc.boolean(), healthy: fc.boolean() }), { maxLength: 9 })
  .map((members) => members.map((member, at): QuorumMember => ({ ...member, name: `m${at}` })));

test('whoever may go leaves a quorum of healthy members, or was not one of them', () => {
  fc.assert(
    fc.property(fleet, (members) => {
      for (const { name, votes, healthy } of members) {
        if (quorumRefusal(members, name) !== null || !votes || !healthy) continue;
        const left = members.filter((other) => other.votes && other.healthy && other.name !== name).length;
        const voting = members.filter((other) => other.votes).length;
        expect(left * 2).toBeGreaterThan(voting);
      }
    }),
  );
});

test('no member that is healthy may go while another is not, and the sum says the same as the refusals', () => {
  fc.assert(
    fc.property(fleet, (members) => {
      const voters = members.filter(({ votes }) => votes);
      const { mayGo, quorum, voting } = quorumSum(members);
      expect(quorum * 2).toBeGreaterThan(voting);
      expect((quorum - 1) * 2).toBeLessThanOrEqual(voting);
      const free = voters.filter(({ name, healthy }) => healthy && quorumRefusal(members, name) === null);
      expect(free.length > 0).toBe(mayGo === 1);
      expect(voters.every(({ healthy }) => healthy) || free.length === 0).toBe(true);
    }),
  );
});

test('learners count for nothing', () => {
  fc.assert(
    fc.property(fleet, (members) => {
      const { text: _all, ...sum } = quorumSum(members);
      const { text: _voters, ...same } = quorumSum(members.filter(({ votes }) => votes));
      expect(sum).toEqual(same);
    }),
  );
});
