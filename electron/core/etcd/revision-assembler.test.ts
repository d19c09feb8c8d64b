import type { IEvent } from 'etcd3';
import { expect, test } from 'vitest';
import { RevisionAssembler } from './revision-assembler.ts';

function event(revision: number, key: string, type: 'Put' | 'Delete' = 'Put'): IEvent {
  const kv = { key: Buffer.from(key), value: Buffer.from('v'), version: '1', lease: '0', create_revision: '2' };
  return { type, kv: { ...kv, mod_revision: String(revision) }, prev_kv: null } as unknown as IEvent;
}

const told = (revisions: ReturnType<RevisionAssembler['add']>) =>
  revisions.map(({ revision, changes }) => `${revision}:${changes.length}`);

test('a whole reply is told at once, its last revision held back while fragments follow', () => {
  const assembler = new RevisionAssembler(4);
  expect(told(assembler.add({ events: [event(5, 'a'), event(6, 'a'), event(6, 'b')], fragment: false }))).toEqual([
    '5:1',
    '6:2',
  ]);
  expect(told(assembler.add({ events: [event(7, 'a'), event(8, 'a')], fragment: true }))).toEqual(['7:1']);
  expect(told(assembler.add({ events: [event(8, 'b')], fragment: true }))).toEqual([]);
  expect(told(assembler.add({ events: [event(8, 'c'), event(9, 'a')], fragment: false }))).toEqual(['8:3', '9:1']);
});

test('what was told before is dropped, and a step back is refused', () => {
  const assembler = new RevisionAssembler(6);
  expect(told(assembler.add({ events: [event(5, 'a'), event(6, 'a'), event(7, 'a')], fragment: false }))).toEqual([
    '7:1',
  ]);
  assembler.add({ events: [event(9, 'a')], fragment: true });
  expect(() => assembler.add({ events: [event(8, 'a')], fragment: false })).toThrow('out of order');
});

test('creation, change and deletion are told apart', () => {
  const [revision] = new RevisionAssembler(0).add({
    events: [event(2, 'new'), event(2, 'gone', 'Delete')],
    fragment: false,
  });
  expect(revision?.changes).toMatchObject([
    { type: 'put', created: true },
    { type: 'delete', key: Buffer.from('gone') },
  ]);
});
