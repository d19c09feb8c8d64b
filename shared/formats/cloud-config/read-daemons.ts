import type { Draft } from '../provision/bundle.ts';
import { entryOf, textOf, valueOf } from '../provision/nodes.ts';
import { root } from '../provision/rules.ts';
import type { Findings } from '../finding.ts';
import { shown } from '../text-problem.ts';
import type { YamlNode, YamlPlace } from '../yaml-tree/read.ts';

const daemons = [
  { section: 'etcd', unit: 'etcd.service', prefix: 'ETCD_' },
  { section: 'etcd2', unit: 'etcd2.service', prefix: 'ETCD_' },
  { section: 'fleet', unit: 'fleet.service', prefix: 'FLEET_' },
  { section: 'flannel', unit: 'flanneld.service', prefix: 'FLANNELD_' },
  { section: 'locksmith', unit: 'locksmithd.service', prefix: 'LOCKSMITHD_' },
] as const;

const otherNames: Readonly<Record<string, string>> = {
  'flannel.interface': 'FLANNELD_IFACE',
  'locksmith.window_start': 'REBOOT_WINDOW_START',
  'locksmith.window_length': 'REBOOT_WINDOW_LENGTH',
  'etcd.snapshot_count': 'ETCD_SNAPSHOTCOUNT',
};

/**
 * Sections of `coreos` that become files: environments of daemons, `update` and `oem`. coreos-cloudinit writes the
 * environments below /run at each boot; here they are drop-ins below /etc, which hold at once and after a boot too.
 */
export function readDaemons(coreos: YamlNode | null, draft: Draft, findings: Findings): void {
  for (const { section, unit, prefix } of daemons) {
    const node = valueOf(coreos, section);
    if (node?.kind !== 'map') continue;
    const lines = settings(node, findings).map(([key, value]) => {
      const name = otherNames[`${section}.${key}`] ?? prefix + key.toUpperCase();
      return `Environment="${name}=${value.replaceAll(/["\\]/g, '\\$&')}"`;
    });
    if (lines.length === 0) continue;
    const path = `/etc/systemd/system/${unit}.d/20-cloudinit.conf`;
    add(path, `[Service]\n${lines.join('\n')}\n`, placeOf(coreos, section), draft);
  }
  checkDiscovery(valueOf(coreos, 'etcd'), findings);
  readOem(coreos, draft, findings);
  readUpdate(coreos, draft, findings);
}

function readOem(coreos: YamlNode | null, draft: Draft, findings: Findings): void {
  const node = valueOf(coreos, 'oem');
  if (node?.kind !== 'map') return;
  const values = new Map(settings(node, findings));
  const quoted = (key: string): string => `"${(values.get(key) ?? '').replaceAll(/["\\$`]/g, '\\$&')}"`;
  const word = (key: string): string => {
    const value = values.get(key) ?? '';
    return /^[\w.-]*$/.test(value) ? value : quoted(key);
  };
  const lines = [
    `ID=${word('id')}`,
    `VERSION_ID=${word('version_id')}`,
    `NAME=${quoted('name')}`,
    `HOME_URL=${quoted('home_url')}`,
    `BUG_REPORT_URL=${quoted('bug_report_url')}`,
  ];
  add('/etc/oem-release', `${lines.join('\n')}\n`, placeOf(coreos, 'oem'), draft);
}

/** The whole update.conf: lines that a person added by hand are not kept, so that hosts with one text have one file. */
function readUpdate(coreos: YamlNode | null, draft: Draft, findings: Findings): void {
  const node = valueOf(coreos, 'update');
  const values = new Map(node?.kind === 'map' ? settings(node, findings) : []);
  const strategy = values.get('reboot_strategy');
  const lines = ['group', 'reboot_strategy', 'server'].flatMap((key) =>
    values.has(key) ? [`${key.toUpperCase()}=${values.get(key) ?? ''}`] : [],
  );
  if (lines.length > 0) {
    add('/etc/coreos/update.conf', `${lines.join('\n')}\n`, placeOf(coreos, 'update'), draft);
    draft.steps.push({ verb: 'restart', unit: 'update-engine.service' });
  }
  const unit = 'locksmithd.service';
  if (strategy === 'off') draft.steps.push({ verb: 'stop', unit }, { verb: 'mask', unit });
  else if (strategy !== undefined) draft.steps.push({ verb: 'unmask', unit }, { verb: 'restart', unit });
  else if (valueOf(coreos, 'locksmith')) draft.steps.push({ verb: 'restart', unit });
}

/** Keys with values that fit into one line, in the order in which they are written. */
function settings(node: YamlNode, findings: Findings): [string, string][] {
  if (node.kind !== 'map') return [];
  return node.entries.flatMap(({ key, value }): [string, string][] => {
    const text = textOf(node, key);
    if (text === null || !/^[a-z0-9_]{1,60}$/.test(key)) return [];
    if (!/[\p{Cc}]/u.test(text)) return [[key, text]];
    findings.error(value.place, `"${key}" must be one line`, 'It becomes a setting in an environment file.');
    return [];
  });
}

function checkDiscovery(etcd: YamlNode | null, findings: Findings): void {
  const url = textOf(etcd, 'discovery');
  const at = valueOf(etcd, 'discovery');
  if (url !== null && at && !/^[a-z][a-z0-9+.-]*:\/\/[^\s/]+/i.test(url) && !url.startsWith('/'))
    findings.warning(at.place, `${shown(url)} is not an address for discovery`);
}

function placeOf(coreos: YamlNode | null, section: string): YamlPlace {
  return entryOf(coreos, section)?.keyPlace ?? { line: 1, column: 1 };
}

function add(path: string, content: string, place: YamlPlace, draft: Draft): void {
  draft.files.push({ path, content, mode: '644', owner: root, place, written: null });
}
