import { Findings } from '../finding.ts';
import type { Target } from '../ignition/provision-key.ts';
import { readProvision } from '../ignition/read-provision.ts';
import { emptyDraft, type ReadBundle } from '../provision/bundle.ts';
import { isNothing, textOf, valueOf } from '../provision/nodes.ts';
import type { AddressValues } from '../provision/placeholders.ts';
import { shown } from '../text-problem.ts';
import { readYaml, type YamlNode } from '../yaml-tree/read.ts';
import { butaneTarget, butaneVersions } from './keys.ts';

/** What a Butane configuration for fcos or flatcar wishes, with what is wrong in it. `name` is what places are said to be in. */
export function readButane(text: string, name: string, values: AddressValues | null): ReadBundle {
  const findings = new Findings(name);
  const { root, problems, broken } = readYaml(text, name);
  for (const problem of problems) findings.add(broken ? 'error' : 'warning', problem);
  const target = root === null || broken || isNothing(root) ? null : targetOf(root, findings);
  const bundle = root === null || target === null ? emptyDraft() : readProvision(root, target, values, findings);
  return { bundle, findings: findings.list() };
}

function targetOf(root: YamlNode, findings: Findings): Target | null {
  if (root.kind !== 'map') {
    findings.error(root.place, 'a Butane configuration is a mapping of keys', 'Write variant: flatcar first.');
    return null;
  }
  const variant = textOf(root, 'variant');
  const version = textOf(root, 'version');
  if (variant !== 'fcos' && variant !== 'flatcar') {
    const at = valueOf(root, 'variant')?.place ?? root.place;
    const what = variant === null ? 'the variant is missing' : `the variant ${shown(variant)} is not read here`;
    findings.error(at, what, 'Write variant: flatcar, or variant: fcos.');
    return null;
  }
  const target = version === null ? null : butaneTarget(variant, version);
  if (target) return target;
  const at = valueOf(root, 'version')?.place ?? root.place;
  const what = version === null ? 'the version is missing' : `version ${shown(version)} of ${variant} is not read here`;
  findings.error(at, what, `Known are ${Object.keys(butaneVersions[variant]).join(', ')}.`);
  return null;
}
