import { expect, test } from 'vitest';
import type { HostLink } from '#shared/contract/host.ts';
import type { RenderedDocument } from '#shared/contract/document.ts';
import { sha256 } from '../../changes/plan-hash.ts';
import type { FoundFile } from '../../changes/read-files.ts';
import { driftOf } from './drift-of.ts';
import { type HostReading, unread } from './host-reading.ts';

const up = { state: 'up', reason: '' } as HostLink;
const lost = { state: 'lost', reason: 'the network is down' } as HostLink;
const path = '/etc/x.conf';

function rendered(more: Partial<RenderedDocument> = {}): RenderedDocument {
  const files = [{ path, content: 'a\n', mode: '0644', owner: { uid: 0, gid: 0 } }];
  return { files, actions: [], firstBoot: [], problems: [], ...more };
}

function fileOf(text: string, mode = '644', uid = 0, gid = 0): FoundFile {
  const state = { kind: 'file' as const, hash: sha256(text), mode, uid, gid };
  return { kind: 'file', state, bytes: text.length, modifiedS: 0, label: null, text: null };
}

function reading(
  found: FoundFile | null,
  units: Record<string, string> = {},
  more: Partial<HostReading> = {},
): HostReading {
  return {
    ...unread,
    files: new Map(found ? [[path, { found, readAt: 7, asRoot: false }]] : []),
    units: new Map(Object.entries(units).map(([unit, state]) => [unit, { state, readAt: 5 }])),
    ...more,
  };
}

const stateOf = (found: FoundFile | null, what = rendered(), link: HostLink | undefined = up) =>
  driftOf('web1', what, link, reading(found)).state;

test('compares text, mode and owner, and says what differs in words', () => {
  expect(driftOf('web1', rendered(), up, reading(fileOf('a\n')))).toEqual({
    host: 'web1',
    state: 'same',
    differs: [],
    reason: null,
    readAt: 7,
  });
  const { state, differs } = driftOf('web1', rendered(), up, reading(fileOf('b\n', '600', 0, 4)));
  expect(state).toBe('differs');
  expect(differs).toEqual([
    { what: path, path, how: 'its text differs; its mode is 600, not 644; it belongs to 0:4, not 0:0' },
  ]);
  const lenient = rendered({ files: [{ path, content: 'a\n', mode: null, owner: null }] });
  expect(stateOf(fileOf('a\n', '600', 1, 1), lenient)).toBe('same');
});

test('knows what is missing, should not be there, and is no file', () => {
  expect(stateOf({ kind: 'absent' })).toBe('missing');
  const removed = rendered({ files: [{ path, content: null, mode: null, owner: null }] });
  expect(stateOf({ kind: 'absent' }, removed)).toBe('same');
  expect(stateOf(fileOf('a\n'), removed)).toBe('differs');
  expect(stateOf({ kind: 'link' })).toBe('differs');
  expect(stateOf({ kind: 'other' })).toBe('differs');
});

test('never says of a host what it does not know', () => {
  expect(stateOf(null)).toBe('unknown');
  expect(stateOf({ kind: 'unreadable' })).toBe('unreadable');
  expect(stateOf(fileOf('a\n'), rendered(), lost)).toBe('unreachable');
  expect(stateOf(fileOf('a\n'), rendered({ problems: [{ code: 'invalid-input', message: 'line 3' }] }))).toBe(
    'unknown',
  );
  expect(stateOf(null, rendered({ files: [] }))).toBe('unknown');
  const two = rendered({ files: [...rendered().files, { path: '/etc/y', content: '', mode: null, owner: null }] });
  expect(stateOf(fileOf('a\n'), two)).toBe('unknown');
  // What was read before the host was lost is still told.
  expect(driftOf('web1', rendered(), lost, reading(fileOf('b\n')))).toMatchObject({
    readAt: 7,
    differs: [{ what: path }],
  });
});

test('of units only what stays when it is done is compared', () => {
  const unit = 'nginx.service';
  const standing = (verb: 'enable' | 'disable' | 'mask' | 'unmask' | 'restart', state: string) =>
    driftOf('web1', rendered({ files: [], actions: [{ verb, unit }] }), up, reading(null, { [unit]: state })).state;
  expect(
    ['enabled', 'static', 'disabled', 'masked', 'enabled-runtime', ''].map((state) => standing('enable', state)),
  ).toEqual(['same', 'same', 'differs', 'differs', 'differs', 'differs']);
  expect(['disabled', 'enabled', 'masked', 'static'].map((state) => standing('disable', state))).toEqual([
    'same',
    'differs',
    'same',
    'same',
  ]);
  expect(['masked', 'masked-runtime', 'enabled'].map((state) => standing('mask', state))).toEqual([
    'same',
    'differs',
    'differs',
  ]);
  expect(standing('unmask', 'masked')).toBe('differs');
  expect(standing('restart', 'disabled')).toBe('unknown');
});
