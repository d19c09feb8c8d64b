import { expandRange } from '../host-list/expand-range.ts';
import { parseTarget } from '../host-list/parse-target.ts';
import { isLabelWord, readLabel } from '../host-list/read-label.ts';
import { shown } from '../text-problem.ts';
import type { YamlNode, YamlPlace } from '../yaml-tree/read.ts';
import { type FileHost, type FilePattern, maxHosts } from './cluster-file.ts';
import { host as hostFields, hostName, pattern as patternFields } from './fields.ts';
import type { Findings } from './readers.ts';
import { looksSecret } from './secrets.ts';

/** Reads `hosts:`; a host that cannot be used, or is there twice, is left out and the others stay. */
export function readHosts(node: YamlNode, findings: Findings): FileHost[] {
  if (node.kind === 'text' && node.text === '') return [];
  if (node.kind !== 'list') {
    findings.add(node.place, 'hosts has to be a list', 'Write each host on its own line, as "  - web1"');
    return [];
  }
  const hosts = new Map<string, FileHost>();
  for (const item of node.items)
    for (const host of readItem(item, findings)) {
      const before = hosts.get(host.name);
      if (before)
        findings.add(
          item.place,
          `the host ${shown(host.name)} is already on line ${before.line}`,
          'Remove one of them',
        );
      else if (hosts.size >= maxHosts) {
        findings.add(item.place, `a cluster holds at most ${maxHosts} hosts; the rest is left out`);
        return [...hosts.values()];
      } else hosts.set(host.name, host);
    }
  return [...hosts.values()];
}

function readItem(node: YamlNode, findings: Findings): FileHost[] {
  const plain = { address: null, port: null, user: null, keys: null, jump: null, labels: {}, line: node.place.line };
  if (node.kind === 'text' && looksSecret(node.text) !== null) return [];
  if (node.kind === 'text') {
    const [word = '', ...labelWords] = node.text.split(/\s+/);
    const targets = word === '' ? undefined : expandRange(word, maxHosts)?.map(parseTarget);
    if (isLabelWord(word) || !labelWords.every(isLabelWord) || !targets?.every((target) => target !== null)) {
      const hint = 'Write "web1", "core@10.0.0.11:22", "web[01:20]" or "web1 role=web"';
      // What stands behind an equals sign may be a secret.
      findings.add(node.place, `${shown(node.text.replaceAll(/=\S*/g, '=…'))} is no host`, hint);
      return [];
    }
    const labels = readLabels(labelWords, node.place, findings);
    return targets.map(({ host, user, port }) => ({ ...plain, name: host, user, port, labels }));
  }
  const fields = hostFields(node, 'a host', findings);
  if (fields === undefined) return [];
  const name = fields.name ?? fields.address;
  if (name === undefined) {
    findings.add(node.place, 'this host has no usable name', 'Write "name: web1"; it is left out until then');
    return [];
  }
  if (
    fields.name === undefined &&
    hostName({ kind: 'text', text: name, place: node.place }, 'address', findings) === undefined
  )
    return [];
  return [
    {
      name,
      address: fields.address ?? null,
      port: fields.port ?? null,
      user: fields.user ?? null,
      keys: fields.keys ?? fields.key ?? null,
      jump: fields.jump ?? null,
      labels: fields.labels ?? {},
      line: node.place.line,
    },
  ];
}

/** The labels behind a host's name, as in a pasted list; one that cannot be used is left out and the host stays. */
function readLabels(words: readonly string[], place: YamlPlace, findings: Findings): Record<string, string> {
  const labels = new Map<string, string>();
  for (const word of words) {
    const label = readLabel(word);
    if (!('message' in label)) labels.set(label.key, label.value);
    else if (label.isSecret) findings.addSecret(place, label.message, label.hint);
    else findings.add(place, label.message, label.hint);
  }
  return Object.fromEntries(labels);
}

/** Reads `patterns:`. */
export function readPatterns(node: YamlNode, findings: Findings): FilePattern[] {
  if (node.kind === 'text' && node.text === '') return [];
  if (node.kind !== 'list') {
    findings.add(node.place, 'patterns has to be a list', 'Write "  - fromSshConfig: [web-*]"');
    return [];
  }
  return node.items.flatMap((item) => {
    const fields = patternFields(item, 'a pattern', findings);
    if (fields === undefined) return [];
    if (fields.fromSshConfig === undefined) {
      findings.add(item.place, 'this pattern names no hosts', 'Write "fromSshConfig: [web-*]"');
      return [];
    }
    return [{ fromSshConfig: fields.fromSshConfig, labels: fields.labels ?? {}, line: item.place.line }];
  });
}
