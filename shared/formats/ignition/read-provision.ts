import type { Draft, ReadBundle } from '../provision/bundle.ts';
import { emptyDraft } from '../provision/bundle.ts';
import { entryOf, isNothing, valueOf } from '../provision/nodes.ts';
import type { AddressValues } from '../provision/placeholders.ts';
import { checkTwice } from '../provision/rules.ts';
import type { Findings } from '../finding.ts';
import { checkKeys } from '../schema-keys.ts';
import { cleanLine } from '#shared/lib/clean-text.ts';
import type { YamlNode } from '../yaml-tree/read.ts';
import { provisionKeys } from './keys.ts';
import { camel, type Target } from './provision-key.ts';
import { readPasswd } from './read-passwd.ts';
import { readStorage } from './read-storage.ts';
import { readUnits } from './read-units.ts';

/** What readers of sections share. */
export interface Reading {
  readonly target: Target;
  readonly values: AddressValues | null;
  readonly draft: Draft;
  readonly findings: Findings;
}

const whole = 'It is done once, before the system starts for the first time; a host that runs would lose data.';
const fetching = 'It tells the first boot how to fetch its configuration; on a host that runs it means nothing.';

/** What a configuration of a known version wishes. The tree is spelled as the target says. */
export function readProvision(
  root: YamlNode,
  target: Target,
  values: AddressValues | null,
  findings: Findings,
): ReadBundle['bundle'] {
  const draft = emptyDraft();
  const strict = target.spelling === 'json';
  checkKeys(root, provisionKeys(target), { findings, unknown: 'warning', mistyped: 'error', strict });
  const node = target.spelling === 'json' ? inSnakeCase(root) : root;
  const reading: Reading = { target, values, draft, findings };
  const ignition = valueOf(node, 'ignition');
  for (const key of ['config', 'security', 'proxy', 'timeouts'])
    sayFirstBoot(ignition, key, `ignition.${camel(key)}`, fetching, draft);
  const storage = valueOf(node, 'storage');
  for (const [key, what] of [
    ['disks', 'Disk'],
    ['raid', 'Array'],
    ['luks', 'Encrypted device'],
    ['filesystems', 'File system'],
  ] as const)
    sayItems(storage, key, what, draft);
  const passwd = valueOf(node, 'passwd');
  readPasswd(passwd, reading);
  readStorage(storage, passwd, reading);
  readUnits(valueOf(valueOf(node, 'systemd'), 'units'), reading);
  readUnits(valueOf(valueOf(node, 'networkd'), 'units'), reading);
  sayFirstBoot(
    node,
    'kernel_arguments',
    'Kernel arguments',
    'They hold after a reboot, and each system keeps them elsewhere.',
    draft,
  );
  sayFirstBoot(node, 'boot_device', 'boot_device', whole, draft);
  sayFirstBoot(node, 'grub', 'grub', 'The boot loader is set up with the disk.', draft);
  checkTwice(draft.files, findings);
  return draft;
}

function sayFirstBoot(node: YamlNode | null, key: string, what: string, why: string, draft: Draft): void {
  const entry = entryOf(node, key);
  if (entry && !isNothing(entry.value)) draft.firstBoot.push({ what, why, line: entry.keyPlace.line });
}

function sayItems(storage: YamlNode | null, key: string, what: string, draft: Draft): void {
  const list = valueOf(storage, key);
  if (list?.kind !== 'list') return;
  for (const item of list.items.slice(0, 200)) {
    const name = entryOf(item, 'device') ?? entryOf(item, 'name');
    const words = name?.value.kind === 'text' ? ` ${cleanLine(name.value.text.slice(0, 200), 100)}` : '';
    draft.firstBoot.push({ what: `${what}${words}`, why: whole, line: item.place.line });
  }
}

/** The tree with keys as Butane spells them; values and places are the same. */
function inSnakeCase(node: YamlNode): YamlNode {
  if (node.kind === 'list') return { ...node, items: node.items.map(inSnakeCase) };
  if (node.kind !== 'map') return node;
  const entries = node.entries.map(({ key, keyPlace, value }) => {
    const words = key.replace(/MiB$/, 'Mib').replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    return { key: words, keyPlace, value: inSnakeCase(value) };
  });
  return { ...node, entries };
}
