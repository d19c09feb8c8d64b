import { Findings } from '../finding.ts';
import { readJson } from '../json-tree/read.ts';
import { emptyDraft, type ReadBundle } from '../provision/bundle.ts';
import { textOf, valueOf } from '../provision/nodes.ts';
import type { AddressValues } from '../provision/placeholders.ts';
import { shown } from '../text-problem.ts';
import type { YamlNode } from '../yaml-tree/read.ts';
import { newestIgnition } from './keys.ts';
import type { Target } from './provision-key.ts';
import { readProvision } from './read-provision.ts';

/** What an Ignition configuration of version 2 or 3 wishes, with what is wrong in it. `name` is what places are said to be in. */
export function readIgnition(text: string, name: string, values: AddressValues | null): ReadBundle {
  const findings = new Findings(name);
  if (text.trim() === '') return { bundle: emptyDraft(), findings: [] };
  const { root, problems, broken } = readJson(text, name);
  for (const problem of problems) findings.add(broken ? 'error' : 'warning', problem);
  const target = root === null || broken ? null : targetOf(root, findings);
  const bundle = root === null || target === null ? emptyDraft() : readProvision(root, target, values, findings);
  return { bundle, findings: findings.list() };
}

function targetOf(root: YamlNode, findings: Findings): Target | null {
  const ignition = valueOf(root, 'ignition');
  const at = valueOf(ignition, 'version') ?? ignition ?? root;
  const version = textOf(ignition, 'version');
  if (version === null) {
    findings.error(at.place, 'the version is missing', 'Write "ignition": {"version": "3.4.0"}.');
    return null;
  }
  const found = /^([23])\.(\d{1,2})\.\d{1,2}$/.exec(version);
  const major = found?.[1] === '2' ? 2 : 3;
  const minor = Number(found?.[2]);
  if (found && minor <= (major === 2 ? 4 : newestIgnition.minor)) return { ...newestIgnition, major, minor };
  findings.error(at.place, `version ${shown(version)} is not read here`, '2.0.0 to 2.4.0 and 3.0.0 to 3.6.0 are.');
  return null;
}
