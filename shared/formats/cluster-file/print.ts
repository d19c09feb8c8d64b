import { stringify } from 'yaml';
import type { ClusterMode, ImportPreview } from '#shared/contract/cluster.ts';

type ImportedHost = ImportPreview['hosts'][number];

/** What all hosts that are reached directly or through others have in common; said once under `ssh:`. */
interface Common {
  readonly user: string;
  readonly keys: readonly string[];
  readonly jump: readonly string[];
}

/**
 * Writes the cluster file of an import: commented, and the same text for the same input. What most hosts share is said
 * once under `ssh:`; host by host only what differs.
 */
export function printClusterFile(name: string, mode: ClusterMode, hosts: readonly ImportedHost[]): string {
  const common: Common = {
    user: shared(hosts.map((host) => host.user)) ?? '',
    keys: list(shared(hosts.map((host) => JSON.stringify(host.identityFiles)))),
    // A hop that every host goes through is itself a host that does not, so the greater part decides.
    jump: list(mostOften(hosts.map((host) => JSON.stringify(host.jump)))),
  };
  const ssh = [
    ...(common.user === '' ? [] : [`  user: ${scalar(common.user)}`]),
    ...(common.keys.length === 0 ? [] : [`  keys: ${flow(common.keys)}`]),
    ...(common.jump.length === 0 ? [] : [`  jump: ${flowOrOne(common.jump)}`]),
  ];
  return [
    `# A cluster of Quarterdeck. Passwords and passphrases never go here: they are asked for.`,
    `name: ${scalar(name)}`,
    '',
    '# observe: nothing can be changed from the window. operate: it can, and every change is shown first.',
    `mode: ${mode}`,
    '',
    ...(ssh.length === 0
      ? []
      : [
          '# Counts for every host below that does not say otherwise; the rest comes from ~/.ssh/config.',
          'ssh:',
          ...ssh,
          '',
        ]),
    hosts.length === 0 ? 'hosts: []' : 'hosts:',
    ...hosts.map((host) => printHost(host, common)),
    '',
  ].join('\n');
}

function printHost(host: ImportedHost, common: Common): string {
  const labels = Object.entries(host.labels).map(([key, value]) => `${scalar(key)}: ${scalar(value)}`);
  const fields = [
    ...(host.address === '' || host.address === host.name ? [] : [`address: ${scalar(host.address)}`]),
    ...(host.port === 22 ? [] : [`port: ${host.port}`]),
    ...(host.user === '' || host.user === common.user ? [] : [`user: ${scalar(host.user)}`]),
    ...(same(host.identityFiles, common.keys) || host.identityFiles.length === 0
      ? []
      : [`keys: ${flow(host.identityFiles)}`]),
    ...(same(host.jump, common.jump) ? [] : [`jump: ${host.jump.length === 0 ? 'none' : flowOrOne(host.jump)}`]),
    ...(labels.length === 0 ? [] : [`labels: {${labels.join(', ')}}`]),
  ];
  // A plain name may hold what the short form would take for a user or a port.
  if (fields.length === 0 && /^[A-Za-z0-9._-]+$/.test(host.name)) return `  - ${scalar(host.name)}`;
  return `  - ${[`name: ${scalar(host.name)}`, ...fields].join('\n    ')}`;
}

/** One line of YAML that every YAML reader takes for this very text. */
function scalar(text: string): string {
  const plain =
    /^[A-Za-z0-9~/._-][A-Za-z0-9~/._@+-]*$/.test(text) && stringify(text, { version: '1.1' }).trimEnd() === text;
  return plain ? text : JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029\ufeff]/g, escaped);
}

function escaped(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function flow(items: readonly string[]): string {
  return `[${items.map(scalar).join(', ')}]`;
}

function flowOrOne(items: readonly string[]): string {
  return items.length === 1 ? scalar(items[0] ?? '') : flow(items);
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function list(json: string | null): string[] {
  return json === null ? [] : (JSON.parse(json) as string[]);
}

/** The value all have, or null. */
function shared(values: readonly string[]): string | null {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : null;
}

/** The value that more than half of at least two have, or null. */
function mostOften(values: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  for (const [value, count] of counts) if (values.length > 1 && count * 2 > values.length) return value;
  return null;
}
