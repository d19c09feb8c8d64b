import type { ConfigDocument } from '../../contract/document.ts';
import { toDataUrl } from '../../formats/provision/content.ts';
import { isNetworkFile } from '../../formats/provision/rules.ts';
import type { FormAdd } from './form.ts';
import type { TreeText } from './tree-text.ts';
import { type TreeValue, wordsOf } from '../../formats/tree-edit/tree-value.ts';
import { groupName } from './value-rules.ts';
import type { Written } from './written.ts';

/** Adds a file of networkd to a document that holds none of that name. */
export function addNetwork(tree: TreeText, format: ConfigDocument['format'], names: ReadonlySet<string>): FormAdd {
  return {
    id: 'network',
    label: 'Add a network file',
    ask: 'Name of the file',
    hint: 'The first file that fits a link counts, in the order of their names.',
    options: ['10-lan.network', '20-bond0.netdev'],
    check: (name) =>
      names.has(name)
        ? `There is ${name} already.`
        : isNetworkFile(name)
          ? null
          : 'A name that ends in .network, .netdev or .link, as 10-lan.network.',
    write: (name) => {
      const text = name.endsWith('.netdev') ? '[NetDev]\nName=bond0\nKind=bond\n' : '[Match]\nName=eth0\n';
      if (format !== 'cloud-config') return addFile(tree, format, `/etc/systemd/network/${name}`, text);
      return tree.append(['coreos', 'units'], {
        fields: [
          ['name', wordsOf(name)],
          ['content', wordsOf(text)],
        ],
      });
    },
  };
}

/** Adds Flatcar's settings of updates to a document that does not write them. */
export function addUpdateConf(tree: TreeText, format: ConfigDocument['format']): FormAdd {
  return {
    id: 'update.conf',
    label: 'Add update.conf of Flatcar',
    ask: 'Channel or group',
    hint: null,
    options: ['stable', 'beta', 'alpha', 'lts'],
    check: groupName,
    write: (group) => addFile(tree, format, '/etc/flatcar/update.conf', `GROUP=${group}\n`),
  };
}

/** Adds a fragment for zincati to a document that does not write one. */
export function addZincati(tree: TreeText, format: ConfigDocument['format']): FormAdd {
  return {
    id: 'zincati',
    label: 'Add settings of zincati',
    ask: 'When it restarts',
    hint: null,
    options: ['immediate', 'periodic', 'fleet_lock'],
    check: (value) =>
      /^(?:immediate|periodic|fleet_lock)$/.test(value) ? null : 'One of immediate, periodic, fleet_lock.',
    write: (strategy) =>
      addFile(
        tree,
        format,
        '/etc/zincati/config.d/55-updates-strategy.toml',
        `[updates]\nstrategy = ${JSON.stringify(strategy)}\n`,
      ),
  };
}

function addFile(tree: TreeText, format: ConfigDocument['format'], path: string, text: string): Written {
  const isJson = format === 'ignition';
  const contents: TreeValue = isJson
    ? { fields: [['source', wordsOf(toDataUrl(text) ?? '')]] }
    : { fields: [['inline', wordsOf(text)]] };
  return tree.append(['storage', 'files'], {
    fields: [
      ['path', wordsOf(path)],
      ['mode', { text: isJson ? '420' : '0644', bare: true }],
      ['overwrite', { text: 'true', bare: true }],
      ['contents', contents],
    ],
  });
}
