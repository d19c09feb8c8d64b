import { expect, it } from 'vitest';
import type { UnitOnHost } from './fold-unit.ts';
import { removalDraft } from './removal-draft.ts';

const path = '/etc/systemd/system/web.service.d/50-quarterdeck.conf';
const on = (host: string, state: string): UnitOnHost => ({
  host,
  state,
  sub: '',
  job: '',
  variant: 'a',
  needDaemonReload: false,
  paths: [path],
  reason: null,
});

it('restarts the unit where it runs or failed, and starts it nowhere else', () => {
  const { parts } = removalDraft('web.service', path, [on('a', 'active'), on('b', 'inactive'), on('c', 'failed')]);
  expect(parts.map(({ hosts, actions }) => [hosts, actions.map(({ verb }) => verb)])).toEqual([
    [
      ['a', 'c'],
      ['daemon-reload', 'restart'],
    ],
    [['b'], ['daemon-reload']],
  ]);
  expect(parts.every(({ files }) => files[0]?.content === null && files[0].path === path)).toBe(true);
  expect(parts[1]?.gates).toEqual([{ kind: 'system-running' }, { kind: 'health' }]);
});

it('restarts no slice or target', () => {
  const { parts } = removalDraft('my.slice', path, [on('a', 'active')]);
  expect(parts[0]?.actions).toEqual([{ verb: 'daemon-reload', unit: null }]);
});
