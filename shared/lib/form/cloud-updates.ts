import { nothingWithin, type FormEntry } from './form.ts';
import { type KeyField, treeFields } from './tree-fields.ts';
import type { TreeText } from './tree-text.ts';
import { halfWindow, rebootStrategies } from './update-conf.ts';
import { duration, groupName, server, windowStart } from './value-rules.ts';

const keys: readonly KeyField[] = [
  {
    key: 'update.group',
    label: 'Channel or group',
    kind: 'line',
    check: groupName,
    options: ['stable', 'beta', 'alpha', 'lts'],
  },
  { key: 'update.server', label: 'Update server', kind: 'line', check: server, options: ['disabled'] },
  {
    key: 'update.reboot_strategy',
    label: 'Restart for an update',
    kind: 'choice',
    options: rebootStrategies,
    hint: 'reboot: at once; etcd-lock: one after another by a lock; off: not by itself.',
  },
  {
    key: 'locksmith.window_start',
    label: 'Restart window begins',
    kind: 'line',
    check: windowStart,
    hint: 'In the time zone of the host. It needs a length too.',
  },
  { key: 'locksmith.window_length', label: 'Restart window lasts', kind: 'line', check: duration },
  { key: 'locksmith.group', label: 'Group of the lock', kind: 'line', check: groupName },
];

/** What a cloud-config says of updates and restarts. */
export function cloudUpdatesEntry(tree: TreeText): FormEntry {
  const said = (key: string) => tree.textAt(['coreos', 'locksmith', key]);
  return {
    id: 'coreos.update',
    title: 'Updates and restarts',
    page: null,
    note: halfWindow(said('window_start'), said('window_length')),
    line: tree.lineAt(['coreos', 'update']),
    fields: treeFields(tree, ['coreos'], keys),
    within: nothingWithin,
    remove: null,
  };
}
