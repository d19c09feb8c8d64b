import { expect, test } from 'vitest';
import type { ChangePlan, HostChange } from '#shared/contract/change.ts';
import { quietLog } from '#kit/etcd.ts';
import { AppliedFiles } from './applied-files.ts';
import type { StoredChange } from './stored-change.ts';
import { sha256 } from './plan-hash.ts';

const left = (text: string) => ({ kind: 'file' as const, hash: sha256(text), mode: '644', uid: 0, gid: 0 });

function stored(id: string, path: string, text: string | null, hosts: Record<string, [HostChange['state'], number]>) {
  const names = Object.keys(hosts);
  const after = text === null ? ({ kind: 'absent' } as const) : left(text);
  const step = { hosts: names, files: [{ path, before: { kind: 'absent' }, after }] };
  return {
    plan: { id, title: `write ${path}`, by: 'mara', at: 1, steps: [step], hash: sha256('') } as unknown as ChangePlan,
    progress: { endedAt: 900 },
    hosts: new Map(names.map((host) => [host, { host, state: hosts[host]?.[0], endedAt: hosts[host]?.[1] }])),
  } as unknown as StoredChange;
}

function followed() {
  const told: string[][] = [];
  const files = new AppliedFiles(quietLog, (hosts) => told.push([...hosts]));
  return { files, told, of: (host: string) => files.of(host).map(({ path, change }) => `${path} ${change.id}`) };
}

test('the last change that came to be on a host says what stands there', () => {
  const { files, told, of } = followed();
  files.take('a', stored('a', '/etc/x', 'one', { web1: ['done', 10], web2: ['done', 11] }));
  files.take('b', stored('b', '/etc/x', 'two', { web1: ['done', 20], web2: ['restored', 21] }));
  expect(of('web1')).toEqual(['/etc/x b']);
  expect(of('web2')).toEqual(['/etc/x a']);
  expect(told).toEqual([['web1', 'web2'], ['web1']]);
  // Rolled back there: what was before is what is expected again.
  files.take('b', stored('b', '/etc/x', 'two', { web1: ['undone', 30], web2: ['restored', 21] }));
  expect(of('web1')).toEqual(['/etc/x a']);
  expect(told.at(-1)).toEqual(['web1']);
});

test('the same again tells nobody, a change that is gone tells its hosts', () => {
  const { files, told, of } = followed();
  const change = stored('a', '/etc/x', 'one', { web1: ['done', 10] });
  files.take('a', change);
  files.take('a', change);
  expect(told).toEqual([['web1']]);
  files.take('a', null);
  expect(told).toEqual([['web1'], ['web1']]);
  expect(of('web1')).toEqual([]);
});

test('what was archived still counts, and what cannot be read there is left out', () => {
  const { files, of } = followed();
  const { plan } = stored('20260101-aaaaaa', '/etc/x', 'one', { web1: ['done', 10] });
  const steps = plan.steps.map((step) => ({ ...step, actions: [], undo: [], validators: [], gates: [] }));
  const value = JSON.stringify({
    v: 1,
    plan: { ...plan, steps },
    state: 'committed',
    endedAt: 12,
    hosts: [{ host: 'web1', state: 'done' }],
  });
  const entry = (id: string, text: string) => ({ key: `archive/${id}`, value: text, created: 1, modified: 1 });
  const news = { revision: 1, gone: [] };
  files.takeArchive({ ...news, reset: true, changed: [entry('20260101-aaaaaa', value), entry('bad', '{')] });
  expect(of('web1')).toEqual(['/etc/x 20260101-aaaaaa']);
  files.takeArchive({ ...news, reset: true, changed: [] });
  expect(of('web1')).toEqual([]);
});

test('follows the files of a host that were written last, and no more', () => {
  const { files } = followed();
  for (let at = 0; at < 250; at++) files.take(`c${at}`, stored(`c${at}`, `/etc/x${at}`, 'a', { web1: ['done', at] }));
  const found = files.of('web1');
  expect(found).toHaveLength(200);
  expect(found[0]?.path).toBe('/etc/x249');
});
